package dev.paas.router.proxy;

import static dev.paas.router.budget.Capacity.FREE;

import dev.paas.router.balance.Upstream;
import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.BodyReader;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.HeadReader;
import dev.paas.router.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an instance. Carries one exchange at a time, never two requests ahead; a byte
 * that comes while it carries none ends it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

  /** A state of TCP as Linux numbers them: neither end has closed. */
  private static final int ESTABLISHED = 1;

  private final ProxyContext context;
  private final UpstreamPool pool;
  private final Upstream upstream;
  private final Deadline idle;
  private final HeadReader heads;
  private @Nullable Channel channel;
  private @Nullable Unsent unsent;
  private @Nullable Exchange exchange;
  private @Nullable BodyReader body;
  private @Nullable Tunnel tunnel;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private long waitsSince;
  private boolean asked;
  private boolean used;
  private boolean anyByte;
  private boolean broken;
  private boolean closing;
  private boolean ended;
  private boolean processing;

  UpstreamConnection(ProxyContext context, UpstreamPool pool, EventLoop loop, Upstream upstream) {
    this.context = context;
    this.pool = pool;
    this.upstream = upstream;
    this.idle = new Deadline(loop, context.ticker(), this::close);
    this.heads = HeadReader.ofResponses(context.limits());
  }

  Upstream upstream() {
    return upstream;
  }

  Channel channel() {
    if (channel == null) {
      throw new IllegalStateException("not connected");
    }
    return channel;
  }

  /** Whether it carried an exchange before this one: its other end may have closed it meanwhile. */
  boolean used() {
    return used;
  }

  /** Whether anything of the response to the present exchange has come. */
  boolean anyByte() {
    return anyByte;
  }

  boolean usable() {
    return !ended && channel != null && channel.isActive() && !pending.isReadable();
  }

  Unsent unsent() {
    if (unsent == null) {
      throw new IllegalStateException("not connected");
    }
    return unsent;
  }

  /** Bytes of a request and of a response that are held here. */
  long held() {
    return pending.capacity() + (unsent == null ? 0 : unsent.held());
  }

  /** Whether it holds much of a head or a line of the response that is not whole. */
  boolean holdsUnfinished() {
    return pending.readableBytes() > FREE;
  }

  /** Whether more of a request may be written: with little memory left, when all was sent. */
  boolean takesMore(boolean tight) {
    if (!writable()) {
      return false;
    }
    if (tight && unsent().bytes() > 0) {
      unsent().await();
      return false;
    }
    return true;
  }

  private void sent() {
    if (tunnel != null) {
      tunnel.upstreamWritable();
    } else if (exchange != null) {
      exchange.upstreamWritable();
    }
  }

  boolean writable() {
    return channel != null && channel.isWritable();
  }

  void begin(Exchange next) {
    idle.clear();
    exchange = next;
    anyByte = false;
    body = null;
    ask();
  }

  /** The exchange has ended; the connection waits for the next one, or closes. */
  void detach(boolean reusable) {
    exchange = null;
    used = true;
    // While reading, what follows the response is not known yet: settled by the reader.
    if (reusable && !pending.isReadable() && channel != null && channel.isActive()) {
      pool.release(this);
      ask();
    } else {
      close();
    }
  }

  void await(Duration limit) {
    waitsSince = context.ticker().nanos();
    idle.in(limit);
  }

  /** Whether the instance has not closed it and is not about to. */
  boolean surelyOpen() {
    return context.ticker().nanos() - waitsSince < upstream.health().surelyOpen()
        && (!(channel instanceof EpollSocketChannel socket)
            || socket.tcpInfo().state() == ESTABLISHED);
  }

  void open(Tunnel through) {
    tunnel = through;
    if (pending.isReadable()) {
      ByteBuf early = pending;
      pending = Unpooled.EMPTY_BUFFER;
      through.fromUpstream(early, false);
    }
  }

  void write(ByteBuf part) {
    Sockets.write(channel(), part);
  }

  void flush() {
    Sockets.flush(channel());
  }

  void close() {
    closing = true;
    ended = true;
    exchange = null;
    idle.close();
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    unsent = new Unsent(channel, this::sent);
    channel
        .config()
        .setRecvByteBufAllocator(
            new Reads(bytes -> exchange == null ? Math.min(bytes, FREE) : exchange.grant(bytes)));
  }

  /** Reads once. */
  void ask() {
    asked = true;
    Sockets.read(channel());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    // Netty empties the kernel's buffer of an instance that has closed without being asked.
    boolean unasked = !asked;
    asked = false;
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
    } else if (tunnel != null) {
      tunnel.fromUpstream(bytes, unasked);
    } else if (exchange == null) {
      // Nobody asked: whatever it is, it must not become the answer to the next request.
      bytes.release();
      close();
    } else {
      anyByte = true;
      pending = Sockets.join(ctx.alloc(), pending, exchange.clientTaking(bytes));
      process();
      if (unasked && exchange != null) {
        exchange.upstreamFlooded();
      }
    }
  }

  private void process() {
    if (processing) {
      return;
    }
    processing = true;
    try {
      while (exchange != null && tunnel == null && !ended && step(exchange)) {}
    } catch (BadMessage bad) {
      if (exchange != null) {
        exchange.badResponse(bad.what());
      }
    } finally {
      processing = false;
      if (!ended) {
        pending = Sockets.rest(channel().alloc(), pending);
      }
    }
  }

  /** One head, or the part of the body that is there; false when more bytes are needed. */
  private boolean step(Exchange present) throws BadMessage {
    if (body == null) {
      if (!heads.complete(pending)) {
        return false;
      }
      ResponseHead head = heads.takeResponse(pending);
      Framing framing = present.responseHead(head, pending);
      if (framing != null) {
        body = new BodyReader(framing);
      }
      return tunnel == null;
    }
    boolean whole = body.read(pending, present::responseContent);
    if (whole) {
      BodyReader read = body;
      body = null;
      present.responseEnded(read.trailers());
    }
    return false;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (tunnel != null) {
      tunnel.upstreamReadComplete();
    } else if (exchange != null) {
      exchange.upstreamReadComplete();
    } else if (!ended) {
      ask();
    }
  }

  /** Reads on when the client can take more. */
  void readMore() {
    if (channel != null && !ended) {
      ask();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (tunnel != null) {
      tunnel.upstreamWritable();
    } else if (exchange != null && ctx.channel().isWritable()) {
      exchange.upstreamWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (tunnel != null) {
        tunnel.upstreamEnded();
      } else {
        ctx.close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (endsSending(cause)) {
      return;
    }
    broken = true;
    context.failed(cause, ctx.channel());
    ctx.close();
  }

  /**
   * The instance reads no more of its request, which is no reason to read no more of its answer:
   * that ends with the bytes that have come.
   */
  private static boolean endsSending(Throwable cause) {
    return cause instanceof ChannelOutputShutdownException
        || cause instanceof ClosedChannelException
        || cause instanceof NotYetConnectedException;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended = true;
    idle.close();
    Exchange present = exchange;
    BodyReader reading = body;
    if (tunnel != null) {
      tunnel.close();
    } else if (present == null) {
      if (!closing && used) {
        upstream.health().closesAfter(context.ticker().nanos() - waitsSince);
      }
      pool.remove(this);
    } else if (reading != null && !broken && reading.closed()) {
      present.responseEnded(reading.trailers());
    } else {
      present.upstreamClosed();
    }
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }
}
