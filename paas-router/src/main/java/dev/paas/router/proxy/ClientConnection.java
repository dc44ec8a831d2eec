package dev.paas.router.proxy;

import dev.paas.router.balance.Upstream;
import dev.paas.router.budget.Capacity;
import dev.paas.router.budget.ClientAddress;
import dev.paas.router.budget.Share;
import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.HeadReader;
import dev.paas.router.http1.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
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

  /** Heap of one field of a head, besides its bytes. */
  private static final int FIELD = 128;

  /** How long a client may pause that was answered before it had ended its request. */
  static final Duration LINGER = Duration.ofSeconds(2);

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
  private final boolean trusted;
  private final Deadline deadline;
  private final HeadReader heads;
  private final Holding holding;
  private final Unsent unsent;
  private final WaitingClients.Place place = new WaitingClients.Place();

  private ClientAddress address;
  private boolean announcing;
  private boolean secure;
  private Phase phase = Phase.HEAD;
  private @Nullable Exchange exchange;
  private @Nullable Tunnel tunnel;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private long lingerUntil;
  private long unsentBefore;
  private boolean processing;
  private boolean stopping;
  private boolean headTimed = true;
  private boolean tight;
  private boolean asked;

  /**
   * @param share the connection was counted in there
   * @param trusted what it says of others is believed
   */
  ClientConnection(
      ProxyContext context,
      LoopState loop,
      Channel channel,
      ClientAddress address,
      Share share,
      boolean trusted) {
    this.context = context;
    this.loop = loop;
    this.channel = channel;
    this.address = address;
    this.trusted = trusted;
    this.announcing = trusted && context.settings().proxyProtocol();
    this.deadline = new Deadline(channel.eventLoop(), context.ticker(), this::expired);
    this.heads = HeadReader.ofRequests(context.limits());
    this.holding = new Holding(context.budget(), share);
    this.unsent = new Unsent(channel, this::sent);
    channel.config().setRecvByteBufAllocator(new Reads(this::grant));
  }

  String address() {
    return address.text();
  }

  WaitingClients.Place place() {
    return place;
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

  Unsent unsent() {
    return unsent;
  }

  boolean allSent() {
    return unsent.bytes() == 0;
  }

  // ---- what it holds

  /** Counts what is held now, on both sides; whether it may be a little more. */
  boolean settle() {
    Exchange present = exchange;
    long sent = unsent.held();
    long bytes = sent + pending.capacity() + (present == null ? 0 : present.held());
    holding.settle(bytes, present == null ? null : present.upstream());
    tight = bytes > Capacity.FREE && !holding.allows(bytes + 2L * Capacity.FREE, app());
    if (sent > 0) {
      unsent.await();
    }
    return !tight;
  }

  /** How much of so many bytes may be read, on either side. */
  int grant(int bytes) {
    return holding.grant(bytes, app());
  }

  private List<Upstream> app() {
    return exchange == null ? List.of() : exchange.app();
  }

  /** Whether more of an answer may be read: with little memory left, when the last part is sent. */
  boolean takesMore() {
    return channel.isWritable() && !(tight && unsent.bytes() > 0);
  }

  boolean tight() {
    return tight;
  }

  /** Whether so many bytes may be held for the request at hand. */
  boolean mayHold(int bytes) {
    return holding.allows(bytes, app());
  }

  private void sent() {
    settle();
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
          case LINGER -> true;
          case HEAD -> true;
          case EXCHANGE -> pending.readableBytes() < (tight ? 1 : HELD);
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
    boolean unasked = !asked;
    asked = false;
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
    } else if (tunnel != null) {
      tunnel.fromClient(bytes, unasked);
    } else if (phase == Phase.LINGER) {
      bytes.release();
      lingerOn();
    } else {
      Exchange present = exchange;
      pending = Sockets.join(ctx.alloc(), pending, present == null ? bytes : present.taking(bytes));
      process();
      if (pending.readableBytes() > HELD_MAX) {
        ctx.close();
      } else if (unasked && exchange != null) {
        exchange.clientFlooded();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (tunnel != null) {
      tunnel.clientReadComplete();
    } else {
      settle();
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
      pending = Sockets.rest(channel.alloc(), pending);
    }
    if (exchange != null) {
      exchange.flushRequest();
    }
  }

  /** One head, or the part of a body that is there; false when more bytes or an event is needed. */
  private boolean step() {
    if (phase == Phase.HEAD && pending.isReadable()) {
      return announcing ? readProxyHeader() : readHead();
    }
    Exchange present = exchange;
    if (phase == Phase.EXCHANGE && present != null && present.wantsRequestBytes()) {
      present.requestBytes(pending);
      return present != exchange;
    }
    return false;
  }

  private boolean readProxyHeader() {
    try {
      ProxyHeader header = ProxyHeader.of(pending);
      if (header.length() == 0) {
        return false;
      }
      pending.skipBytes(header.length());
      announcing = false;
      secure = header.secure();
      if (header.client() != null) {
        address = ClientAddress.of(header.client());
        if (!holding.holdFor(address.holder())) {
          refuse(Failure.OVERLOADED, "the address has its share of the connections");
          return false;
        }
      }
      return true;
    } catch (BadMessage bad) {
      refuse(Failure.of(bad), bad.what());
      return false;
    }
  }

  /** Who sends this request; a trusted proxy says it in each one. */
  private Sender sender(RequestHead head) {
    return trusted && !context.settings().proxyProtocol()
        ? Sender.reported(head.fields(), address, context.trusted())
        : Sender.itself(address, secure);
  }

  private boolean readHead() {
    try {
      if (!heads.complete(pending)) {
        if (!headTimed) {
          headTimed = true;
          deadline.in(context.settings().headerTimeout());
        }
        pending = Sockets.compact(channel.alloc(), pending);
        if (!holding.allows(pending.capacity(), List.of())) {
          refuse(Failure.OVERLOADED, "no memory for the rest of its head");
        }
        return false;
      }
      int size = pending.readableBytes();
      RequestHead head = heads.takeRequest(pending);
      size += FIELD * head.fields().size() - pending.readableBytes();
      headTimed = false;
      ValidatedRequest request = ValidatedRequest.of(head);
      phase = Phase.EXCHANGE;
      loop.waiting().remove(this);
      Sender sender = sender(head);
      Exchange next = new Exchange(context, this, loop.pool(), request, sender, size);
      exchange = next;
      next.start(sender.client().equals(address) || holding.holdFor(sender.client().holder()));
      return true;
    } catch (BadMessage bad) {
      refuse(Failure.of(bad), bad.what());
      return false;
    }
  }

  /** Answers what is no request, and ends the connection. */
  private void refuse(Failure failure, String detail) {
    String id = context.newRequestId();
    context.logRefused(id, address(), failure, detail);
    write(
        ErrorPage.response(
            channel.alloc(),
            failure,
            id,
            context.clock().instant(),
            ErrorPage.Asked.UNKNOWN,
            true));
    linger(false);
  }

  /** The exchange has written its last byte. */
  void exchangeEnded(boolean keep, boolean requestEnded) {
    exchange = null;
    if (trusted && !context.settings().proxyProtocol()) {
      holding.holdForItself();
    }
    if (!keep || stopping) {
      linger(requestEnded && !pending.isReadable());
      return;
    }
    phase = Phase.HEAD;
    loop.waiting().add(this);
    Sockets.flush(channel);
    unsentBefore = unsent.bytes();
    deadline.in(
        unsentBefore == 0 ? context.settings().idleTimeout() : context.settings().sendTimeout());
    process();
    settle();
    readMore();
  }

  void open(Tunnel through) {
    phase = Phase.TUNNEL;
    tunnel = through;
    if (pending.isReadable()) {
      ByteBuf early = pending;
      pending = Unpooled.EMPTY_BUFFER;
      through.fromClient(early, false);
    }
  }

  /** The tunnel has ended: what it has written is sent for as long as the client takes it. */
  void tunnelClosed() {
    exchange = null;
    tunnel = null;
    if (channel.isActive()) {
      linger(true);
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
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
    loop.waiting().add(this);
    deadline.in(context.settings().sendTimeout());
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              if (clean || !channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
                channel.close();
              } else {
                duplex.shutdownOutput();
                lingerUntil =
                    context.ticker().nanos() + context.settings().lingerTimeout().toNanos();
                deadline.in(LINGER);
                ask();
              }
            });
    unsentBefore = unsent.bytes();
    settle();
  }

  /** More came of a request that was answered before: for a while, if it goes on coming. */
  private void lingerOn() {
    if (lingerUntil == 0) {
      return;
    }
    long left = lingerUntil - context.ticker().nanos();
    if (left <= 0) {
      channel.close();
    } else {
      deadline.in(Duration.ofNanos(Math.min(left, LINGER.toNanos())));
    }
  }

  /** Ends a connection that waits, as another one needs its place. */
  void giveWay() {
    loop.waiting().remove(this);
    holding.leave();
    if (phase == Phase.HEAD && pending.isReadable()) {
      String id = context.newRequestId();
      context.logRefused(id, address(), Failure.OVERLOADED, "its head came slower than others");
      write(
          ErrorPage.response(
              channel.alloc(),
              Failure.OVERLOADED,
              id,
              context.clock().instant(),
              ErrorPage.Asked.UNKNOWN,
              true));
      Sockets.flush(channel);
    }
    channel.close();
  }

  /**
   * Ends the connection in the middle of a response, so that the client sees that it is cut.
   *
   * @param endsWithConnection nothing else says where the response ends
   */
  void cut(boolean endsWithConnection) {
    exchange = null;
    Sockets.flush(channel);
    if (endsWithConnection) {
      // An ordinary end would make it a whole response.
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }

  /** From any thread: the time for what is under way has passed. */
  void abort() {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (tunnel == null) {
                channel.close();
              } else {
                tunnel.goAway();
              }
            });
  }

  /** The process stops: no further request on this connection. On the event loop. */
  void stop() {
    stopping = true;
    if (tunnel != null) {
      // It has no end to wait for, and a successor waits for this process.
      tunnel.goAway();
    } else if (phase == Phase.HEAD && !pending.isReadable()) {
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
      long left = unsent.bytes();
      if (left > 0 && context.moves(unsentBefore, left)) {
        // The last response is still on its way to a slow client.
        unsentBefore = left;
        deadline.in(context.settings().sendTimeout());
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
      } else if (phase != Phase.EXCHANGE && unsent.bytes() > 0) {
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
    Exchange present = exchange;
    exchange = null;
    if (present != null) {
      present.clientGone();
    }
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }
}
