package dev.paas.router.proxy;

import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.HeadReader;
import dev.paas.router.http1.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: one request after another, each an {@link Exchange}. Bytes of a next
 * request wait, bounded, until the present one has its response. A client that closes its half is
 * taken as gone, except in a tunnel.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
final class ClientConnection extends ChannelInboundHandlerAdapter {

  /** Bytes that may wait while they cannot be relayed; above that nothing is read. */
  private static final int HELD = 16 << 10;

  /** More waits only when the client has closed: what its kernel buffer held comes at once. */
  private static final int HELD_MAX = 1 << 20;

  /**
   * How long and how much is read of a client that was answered before it had ended its request.
   */
  static final Duration LINGER = Duration.ofSeconds(2);

  private static final long LINGER_MAX = 4 << 20;

  /** How long a new connection's first request is waited for when the process stops. */
  private static final Duration FIRST_REQUEST = Duration.ofSeconds(1);

  private enum Phase {
    /** Waits for a request or reads its head. */
    HEAD,
    EXCHANGE,
    TUNNEL,
    /** Answered for the last time; what still comes is thrown away. */
    LINGER
  }

  private final Proxy proxy;
  private final InstancePool pool;
  private final Set<ClientConnection> all;
  private final Channel channel;
  private final String address;
  private final Deadline deadline;
  private final HeadReader heads;

  private Phase phase = Phase.HEAD;
  private @Nullable Exchange exchange;
  private @Nullable Tunnel tunnel;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private long lingered;
  private long unsentBefore;
  private boolean processing;
  private boolean stopping;
  private boolean headTimed = true;

  ClientConnection(Proxy proxy, InstancePool pool, Set<ClientConnection> all, Channel channel) {
    this.proxy = proxy;
    this.pool = pool;
    this.all = all;
    this.channel = channel;
    this.address =
        channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
            ? peer.getAddress().getHostAddress()
            : "";
    this.deadline = new Deadline(channel.eventLoop(), proxy.ticker(), this::expired);
    this.heads = HeadReader.ofRequests(proxy.limits());
  }

  String address() {
    return address;
  }

  Channel channel() {
    return channel;
  }

  Deadline deadline() {
    return deadline;
  }

  boolean stopping() {
    return stopping;
  }

  void write(ByteBuf part) {
    Sockets.write(channel, part);
  }

  void flush() {
    Sockets.flush(channel);
  }

  /** Reads on when what is read can be relayed or held. */
  void readMore() {
    boolean room =
        switch (phase) {
          case TUNNEL -> false;
          case LINGER -> true;
          case HEAD, EXCHANGE -> pending.readableBytes() < HELD;
        };
    if (room && channel.isActive()) {
      Sockets.read(channel);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    all.add(this);
    deadline.in(proxy.settings().headerTimeout());
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
    } else if (tunnel != null) {
      tunnel.fromClient(bytes);
    } else if (phase == Phase.LINGER) {
      lingered += bytes.readableBytes();
      bytes.release();
      if (lingered > LINGER_MAX) {
        ctx.close();
      }
    } else {
      pending = Sockets.join(ctx.alloc(), pending, bytes);
      process();
      if (pending.readableBytes() > HELD_MAX) {
        ctx.close();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (tunnel != null) {
      tunnel.clientReadComplete();
    } else {
      readMore();
    }
  }

  /** Does what the bytes at hand allow. */
  void process() {
    if (processing || phase == Phase.LINGER) {
      return;
    }
    processing = true;
    try {
      while (tunnel == null && step()) {}
    } finally {
      processing = false;
      pending = Sockets.rest(pending);
    }
    if (exchange != null) {
      exchange.flushRequest();
    }
  }

  /** One head, or the part of a body that is there; false when more bytes or an event is needed. */
  private boolean step() {
    if (phase == Phase.HEAD && pending.isReadable()) {
      return readHead();
    }
    Exchange present = exchange;
    if (phase == Phase.EXCHANGE && present != null && present.wantsRequestBytes()) {
      present.requestBytes(pending);
      return present != exchange;
    }
    return false;
  }

  private boolean readHead() {
    try {
      if (!heads.complete(pending)) {
        if (!headTimed) {
          headTimed = true;
          deadline.in(proxy.settings().headerTimeout());
        }
        return false;
      }
      RequestHead head = heads.takeRequest(pending);
      headTimed = false;
      Admitted admitted = Admitted.of(head);
      phase = Phase.EXCHANGE;
      Exchange next = new Exchange(proxy, this, pool, admitted);
      exchange = next;
      next.start();
      return true;
    } catch (BadMessage bad) {
      refuse(Failure.of(bad), bad.what());
      return false;
    }
  }

  /** Answers what is no request, and ends the connection. */
  private void refuse(Failure failure, String detail) {
    String id = proxy.newRequestId();
    proxy.logRefused(id, address, failure, detail);
    write(ErrorPage.response(channel.alloc(), failure, id, ErrorPage.Asked.UNKNOWN, true));
    linger(false);
  }

  /** The exchange has written its last byte. */
  void exchangeEnded(boolean keep, boolean requestEnded) {
    exchange = null;
    if (!keep || stopping) {
      linger(requestEnded && !pending.isReadable());
      return;
    }
    phase = Phase.HEAD;
    unsentBefore = 0;
    deadline.in(proxy.settings().idleTimeout());
    Sockets.flush(channel);
    process();
    readMore();
  }

  void open(Tunnel through) {
    phase = Phase.TUNNEL;
    tunnel = through;
    if (pending.isReadable()) {
      ByteBuf early = pending;
      pending = Unpooled.EMPTY_BUFFER;
      through.fromClient(early);
    }
  }

  /**
   * Sends what was written and closes. Closing a socket with unread bytes resets the connection and
   * may destroy the answer on its way, so those are read for a while.
   *
   * @param clean the client has sent nothing that was not read
   */
  private void linger(boolean clean) {
    phase = Phase.LINGER;
    deadline.in(proxy.settings().idleTimeout());
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              if (clean || !channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
                channel.close();
              } else {
                duplex.shutdownOutput();
                deadline.in(LINGER);
                channel.read();
              }
            });
  }

  /** Ends the connection in the middle of a response, so that the client sees that it is cut. */
  void cut() {
    exchange = null;
    channel.close();
  }

  /** From any thread. */
  void abort() {
    channel.close();
  }

  /** The process stops: no further request on this connection. On the event loop. */
  void stop() {
    stopping = true;
    if (phase == Phase.HEAD && !pending.isReadable()) {
      if (headTimed) {
        // Accepted a moment ago: its first request is on its way, and nobody would repeat it.
        deadline.in(FIRST_REQUEST);
      } else {
        linger(true);
      }
    }
  }

  private void expired() {
    if (exchange != null) {
      exchange.expired();
    } else if (phase == Phase.HEAD && pending.isReadable()) {
      refuse(Failure.REQUEST_TIMEOUT, "in its head");
    } else {
      long unsent = Sockets.unsent(channel);
      if (unsent > 0 && (unsentBefore == 0 || unsent < unsentBefore)) {
        // The last response is still on its way to a slow client.
        unsentBefore = unsent;
        deadline.in(proxy.settings().idleTimeout());
      } else {
        channel.close();
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (tunnel != null) {
      tunnel.clientWritable();
    } else if (exchange != null && ctx.channel().isWritable()) {
      exchange.clientWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (tunnel != null) {
        tunnel.clientEnded();
      } else if (phase != Phase.EXCHANGE && Sockets.unsent(channel) > 0) {
        // The last response is still on its way.
        linger(true);
      } else {
        ctx.close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    all.remove(this);
    deadline.close();
    phase = Phase.LINGER;
    Exchange present = exchange;
    exchange = null;
    if (present != null) {
      present.clientGone();
    }
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }
}
