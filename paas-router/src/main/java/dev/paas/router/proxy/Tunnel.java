package dev.paas.router.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * Bytes both ways after a 101, unchanged. A side that ends is ended on the other side too, and what
 * is under way in the other direction still arrives.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
final class Tunnel {

  /** Bytes of one side that has closed, which wait for the other. */
  private static final long MAX_UNSENT = 4 << 20;

  private final Exchange exchange;
  private final ClientConnection clientSide;
  private final UpstreamConnection upstreamSide;
  private final Channel client;
  private final Channel upstream;
  private final @Nullable WebSocketFrames frames;
  private boolean clientEnded;
  private boolean upstreamEnded;
  private int endsPassedOn;
  private boolean closed;
  private long toUpstream;
  private long toClient;

  /**
   * @param protocol what the client asked to change to
   */
  Tunnel(Exchange exchange, ClientConnection client, UpstreamConnection upstream, String protocol) {
    this.exchange = exchange;
    this.clientSide = client;
    this.upstreamSide = upstream;
    this.client = client.channel();
    this.upstream = upstream.channel();
    this.frames = protocol.equalsIgnoreCase("websocket") ? new WebSocketFrames() : null;
  }

  long toUpstream() {
    return toUpstream;
  }

  long toClient() {
    return toClient;
  }

  /**
   * @param unasked they came without having been asked for, so there is no back-pressure
   */
  void fromClient(ByteBuf bytes, boolean unasked) {
    toUpstream += bytes.readableBytes();
    pass(upstreamSide.unsent().taking(bytes), upstream, unasked);
  }

  void fromUpstream(ByteBuf bytes, boolean unasked) {
    toClient += bytes.readableBytes();
    if (frames != null) {
      frames.passed(bytes);
    }
    pass(clientSide.unsent().taking(bytes), client, unasked);
  }

  private void pass(ByteBuf bytes, Channel to, boolean unasked) {
    if (closed) {
      bytes.release();
      return;
    }
    exchange.tunnelActive(patience());
    to.write(bytes, to.voidPromise());
    if (unasked) {
      to.flush();
    }
    if (Sockets.unsent(to) > MAX_UNSENT || (unasked && !exchange.settle())) {
      close();
    }
  }

  void clientReadComplete() {
    upstream.flush();
    exchange.settle();
    upstreamWritable();
  }

  void upstreamReadComplete() {
    client.flush();
    exchange.settle();
    clientWritable();
  }

  void clientWritable() {
    if (clientSide.takesMore()) {
      upstreamSide.ask();
    }
  }

  void upstreamWritable() {
    if (upstreamSide.takesMore(clientSide.tight())) {
      clientSide.ask();
    }
  }

  void clientEnded() {
    clientEnded = true;
    exchange.tunnelActive(patience());
    end(upstream);
  }

  void upstreamEnded() {
    upstreamEnded = true;
    exchange.tunnelActive(patience());
    end(client);
  }

  /** Whether both sides still send. */
  boolean whole() {
    return !clientEnded && !upstreamEnded;
  }

  /**
   * How long the tunnel may be silent. An instance that has ended is most likely gone altogether; a
   * client that has ended may still wait for an answer.
   */
  private Patience patience() {
    return upstreamEnded ? Patience.LINGER : clientEnded ? Patience.IDLE : Patience.TUNNEL;
  }

  /** Which of the limits holds. */
  enum Patience {
    TUNNEL,
    IDLE,
    LINGER
  }

  private void end(Channel to) {
    to.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (++endsPassedOn == 2) {
                close();
              } else if (to.isActive() && to instanceof DuplexChannel duplex) {
                duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
              }
            });
  }

  /** The instance has to go: a browser is told so, where that is possible, and comes back soon. */
  void goAway() {
    if (frames != null && frames.maySpeak() && !closed && !upstreamEnded) {
      client.write(WebSocketFrames.goingAway(), client.voidPromise());
    }
    close();
  }

  /** Ends both sides; what was written to the client before is still sent. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    exchange.tunnelClosed();
    upstream.close();
    clientSide.tunnelClosed();
  }
}
