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
  private final InstanceConnection instanceSide;
  private final Channel client;
  private final Channel instance;
  private final @Nullable WebSocketFrames frames;
  private boolean clientEnded;
  private boolean instanceEnded;
  private int endsPassedOn;
  private boolean closed;
  private long toInstance;
  private long toClient;

  /**
   * @param protocol what the client asked to change to
   */
  Tunnel(Exchange exchange, ClientConnection client, InstanceConnection instance, String protocol) {
    this.exchange = exchange;
    this.clientSide = client;
    this.instanceSide = instance;
    this.client = client.channel();
    this.instance = instance.channel();
    this.frames = protocol.equalsIgnoreCase("websocket") ? new WebSocketFrames() : null;
  }

  long toInstance() {
    return toInstance;
  }

  long toClient() {
    return toClient;
  }

  /**
   * @param unasked they came without having been asked for, so there is no back-pressure
   */
  void fromClient(ByteBuf bytes, boolean unasked) {
    toInstance += bytes.readableBytes();
    pass(instanceSide.unsent().taking(bytes), instance, unasked);
  }

  void fromInstance(ByteBuf bytes, boolean unasked) {
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
    instance.flush();
    exchange.settle();
    instanceWritable();
  }

  void instanceReadComplete() {
    client.flush();
    exchange.settle();
    clientWritable();
  }

  void clientWritable() {
    if (clientSide.takesMore()) {
      instanceSide.ask();
    }
  }

  void instanceWritable() {
    if (instanceSide.takesMore(clientSide.tight())) {
      clientSide.ask();
    }
  }

  void clientEnded() {
    clientEnded = true;
    exchange.tunnelActive(patience());
    end(instance);
  }

  void instanceEnded() {
    instanceEnded = true;
    exchange.tunnelActive(patience());
    end(client);
  }

  /** Whether both sides still send. */
  boolean whole() {
    return !clientEnded && !instanceEnded;
  }

  /**
   * How long the tunnel may be silent. An instance that has ended is most likely gone altogether; a
   * client that has ended may still wait for an answer.
   */
  private Patience patience() {
    return instanceEnded ? Patience.LINGER : clientEnded ? Patience.IDLE : Patience.TUNNEL;
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
    if (frames != null && frames.maySpeak() && !closed && !instanceEnded) {
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
    instance.close();
    clientSide.tunnelClosed();
  }
}
