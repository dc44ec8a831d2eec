package dev.paas.router.client;

import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.RequestHead;
import dev.paas.router.proxy.Exchange;
import dev.paas.router.proxy.Failure;
import dev.paas.router.proxy.ProxyContext;
import dev.paas.router.proxy.Sender;
import dev.paas.router.proxy.Tunnel;
import dev.paas.router.proxy.ValidatedRequest;
import dev.paas.router.socket.Deadline;
import dev.paas.router.socket.Reads;
import dev.paas.router.socket.Sockets;
import dev.paas.router.tls.LiveCertificates;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.List;
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

  private final ProxyContext context;
  private final LoopState loop;
  private final Channel channel;
  private final ClientOrigin origin;
  private final Deadline deadline;
  private final Holding holding;
  private final Http1ClientStream stream;
  private final RequestReader requests;
  private final Lingering lingering;
  private final WaitingClients.Place place = new WaitingClients.Place();

  private Phase phase = Phase.HEAD;
  private @Nullable Tunnel tunnel;
  private boolean stopping;
  private boolean headTimed = true;
  private boolean asked;
  private @Nullable BeforeTls before;

  ClientConnection(ProxyContext context, LoopState loop, Channel channel, Arrival arrival) {
    this.context = context;
    this.loop = loop;
    this.channel = channel;
    this.origin = new ClientOrigin(context, arrival);
    this.deadline = new Deadline(channel.eventLoop(), context.ticker(), this::expired);
    this.holding = new Holding(context.budget(), arrival.share());
    this.stream = new Http1ClientStream(context, this, channel, deadline, holding);
    this.requests = new RequestReader(this, origin, stream, channel.alloc(), context.limits());
    this.lingering = new Lingering(context, channel, deadline);
    channel.config().setRecvByteBufAllocator(new Reads(stream::grant));
  }

  /** Makes what comes before this in the pipeline of a connection for TLS. */
  BeforeTls beforeTls(LiveCertificates certificates) {
    BeforeTls made = new BeforeTls(this, origin, lingering, certificates);
    before = made;
    return made;
  }

  WaitingClients.Place place() {
    return place;
  }

  Channel channel() {
    return channel;
  }

  boolean stopping() {
    return stopping;
  }

  boolean allSent() {
    return stream.unsent() == 0;
  }

  RequestReader requests() {
    return requests;
  }

  /** Bytes of memory for what was read and can't be handed on yet. */
  long held() {
    return requests.held() + (before == null ? 0 : before.held());
  }

  /** All that was written has been sent. */
  void sent() {
    stream.settle();
    Exchange exchange = stream.exchange();
    if (tunnel != null) {
      tunnel.clientWritable();
    } else if (exchange != null) {
      exchange.clientWritable();
    } else if (phase == Phase.HEAD && !headTimed) {
      deadline.in(context.settings().idleTimeout());
    }
  }

  /** Reads on when what is read can be relayed or held. */
  void readMore() {
    boolean room =
        switch (phase) {
          case TUNNEL -> false;
          case HEAD, LINGER -> true;
          case EXCHANGE -> requests.waiting() < (stream.tight() ? 1 : HELD);
        };
    if (room && channel.isActive()) {
      ask();
    }
  }

  /** Reads once. */
  void ask() {
    asked = true;
    Sockets.read(channel);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    loop.all().add(this);
    loop.waiting().add(this);
    deadline.in(context.settings().headerTimeout());
    ask();
    if (loop.stopping().get()) {
      stop();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    // Netty empties the kernel's buffer of a client that has ended its side without being asked.
    boolean unasked = before == null ? !asked : before.unasked();
    asked = false;
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
    } else if (tunnel != null) {
      tunnel.fromClient(bytes, unasked);
    } else if (phase == Phase.LINGER) {
      bytes.release();
      lingering.more();
    } else {
      requests.read(bytes);
      Exchange exchange = stream.exchange();
      if (requests.waiting() > HELD_MAX) {
        ctx.close();
      } else if (unasked && exchange != null) {
        exchange.clientFlooded();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (before != null && !stream.mayHold(before.held())) {
      // Half a record is of no use, and its other half can't be read.
      Sockets.cut(channel);
    } else if (tunnel != null) {
      tunnel.clientReadComplete();
    } else {
      stream.settle();
      readMore();
    }
  }

  // ---- what the reader finds

  /** Whether a request may begin now. */
  boolean awaitsRequest() {
    return phase == Phase.HEAD;
  }

  /**
   * A trusted proxy has said for whom it speaks.
   *
   * @return whether that one may have the connection
   */
  boolean announced(ProxyHeader header) {
    if (origin.announced(header) && !holding.holdFor(origin.address().holder())) {
      refuse(Failure.OVERLOADED, "the address has its share of the connections");
      return false;
    }
    return true;
  }

  /** A head has begun and is not whole. */
  void headPaused() {
    if (!headTimed) {
      headTimed = true;
      deadline.in(context.settings().headerTimeout());
    }
    if (!holding.allows(requests.held(), List.of())) {
      refuse(Failure.OVERLOADED, "no memory for the rest of its head");
    }
  }

  /**
   * A head has come.
   *
   * @param size bytes that it takes
   */
  void begin(RequestHead head, int size) throws BadMessage {
    headTimed = false;
    ValidatedRequest request = ValidatedRequest.of(head);
    phase = Phase.EXCHANGE;
    loop.waiting().remove(this);
    Sender sender = origin.sender(head);
    Exchange next = new Exchange(context, stream, loop.pool(), request, sender, size);
    stream.begin(next, request);
    next.start(
        sender.client().equals(origin.address()) || holding.holdFor(sender.client().holder()));
  }

  /** Answers bytes that are not a valid request, and ends the connection. */
  void refuse(Failure failure, String detail) {
    writeRefusal(failure, detail);
    linger(false);
  }

  private void writeRefusal(Failure failure, String detail) {
    Sockets.write(
        channel, Http1Heads.refusal(context, channel.alloc(), origin.address(), failure, detail));
  }

  /** The exchange has written its last byte. */
  void exchangeEnded(boolean keep, boolean requestEnded) {
    if (origin.perRequest()) {
      holding.holdForItself();
    }
    if (!keep || stopping) {
      linger(requestEnded && requests.waiting() == 0);
      return;
    }
    phase = Phase.HEAD;
    loop.waiting().add(this);
    stream.flush();
    deadline.in(
        stream.noteUnsent() ? context.settings().sendTimeout() : context.settings().idleTimeout());
    requests.process();
    stream.settle();
    readMore();
  }

  void open(Tunnel through) {
    phase = Phase.TUNNEL;
    tunnel = through;
    if (requests.waiting() > 0) {
      through.fromClient(requests.take(), false);
    }
  }

  /** The tunnel has ended: what it has written is sent for as long as the client takes it. */
  void tunnelClosed() {
    tunnel = null;
    if (channel.isActive()) {
      linger(true);
    }
  }

  /**
   * Sends what was written and closes.
   *
   * @param clean the client has sent nothing that was not read
   */
  private void linger(boolean clean) {
    phase = Phase.LINGER;
    requests.take().release();
    if (before != null) {
      before.forget();
    }
    loop.waiting().add(this);
    lingering.begin(clean, this::ask);
    stream.noteUnsent();
    stream.settle();
  }

  /** Ends a connection that waits, as another one needs its place. */
  void giveWay() {
    loop.waiting().remove(this);
    holding.leave();
    if (phase == Phase.HEAD && requests.waiting() > 0) {
      writeRefusal(Failure.OVERLOADED, "its head came slower than others");
      stream.flush();
    }
    channel.close();
  }

  /** The time for what is under way has passed. On the event loop. */
  void abort() {
    if (tunnel == null) {
      channel.close();
    } else {
      tunnel.goAway();
    }
  }

  /** The process stops: no further request on this connection. On the event loop. */
  void stop() {
    stopping = true;
    if (tunnel != null) {
      // It has no end to wait for, and a successor waits for this process.
      tunnel.goAway();
    } else if (phase == Phase.HEAD && requests.waiting() == 0) {
      if (headTimed) {
        // Accepted a moment ago: its first request is on its way, and nobody would repeat it.
        deadline.in(FIRST_REQUEST);
      } else {
        linger(true);
      }
    }
  }

  private void expired() {
    Exchange exchange = stream.exchange();
    if (exchange != null) {
      exchange.expired();
    } else if (phase == Phase.HEAD && requests.waiting() > 0) {
      refuse(Failure.REQUEST_TIMEOUT, "in its head");
    } else if (stream.stillSending()) {
      deadline.in(context.settings().sendTimeout());
    } else {
      channel.close();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Exchange exchange = stream.exchange();
    if (tunnel != null) {
      tunnel.clientWritable();
    } else if (exchange != null && ctx.channel().isWritable()) {
      exchange.clientWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      if (tunnel != null) {
        tunnel.clientEnded();
      } else if (phase != Phase.EXCHANGE && stream.unsent() > 0) {
        // The last response is still on its way.
        linger(true);
      } else {
        ctx.close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    context.failed(cause, channel);
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    loop.all().remove(this);
    loop.waiting().remove(this);
    holding.leave();
    deadline.close();
    phase = Phase.LINGER;
    Exchange present = stream.leave();
    if (present != null) {
      present.clientGone();
    }
    requests.take().release();
  }
}
