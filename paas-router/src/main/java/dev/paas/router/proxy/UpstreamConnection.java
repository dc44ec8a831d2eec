package dev.paas.router.proxy;

import static dev.paas.router.budget.Capacity.FREE;

import dev.paas.router.balance.Upstream;
import dev.paas.router.http1.BadMessage;
import dev.paas.router.http1.Fields;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.MessageWriter;
import dev.paas.router.http1.RequestHead;
import dev.paas.router.socket.Deadline;
import dev.paas.router.socket.Reads;
import dev.paas.router.socket.Sockets;
import dev.paas.router.socket.Unsent;
import io.netty.buffer.ByteBuf;
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
  private final ResponseReader responses;
  private @Nullable Channel channel;
  private @Nullable Unsent unsent;
  private @Nullable Exchange exchange;
  private @Nullable Tunnel tunnel;
  private boolean chunked;
  private long waitsSince;
  private boolean asked;
  private boolean used;
  private boolean broken;
  private boolean closing;
  private boolean ended;

  UpstreamConnection(ProxyContext context, UpstreamPool pool, EventLoop loop, Upstream upstream) {
    this.context = context;
    this.pool = pool;
    this.upstream = upstream;
    this.idle = new Deadline(loop, context.ticker(), this::close);
    this.responses = new ResponseReader(this, context.limits());
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
    return responses.anyByte();
  }

  boolean usable() {
    return !ended && channel != null && channel.isActive() && !responses.holdsAny();
  }

  Unsent unsent() {
    if (unsent == null) {
      throw new IllegalStateException("not connected");
    }
    return unsent;
  }

  /** Bytes of a request and of a response that are held here. */
  long held() {
    return responses.held() + (unsent == null ? 0 : unsent.held());
  }

  /** Whether it holds much of a head or a line of the response that is not whole. */
  boolean holdsUnfinished() {
    return responses.holdsMuch();
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

  /**
   * Carries an exchange from now on, and sends the head of its request.
   *
   * @param framing of the request's body
   */
  void begin(Exchange next, RequestHead head, Framing framing) {
    idle.clear();
    exchange = next;
    chunked = framing.kind() == Framing.Kind.CHUNKED;
    responses.expect(head.method());
    ask();
    write(MessageWriter.request(channel().alloc(), head));
  }

  /** Sends a part of the request's body, and owns it. */
  void content(ByteBuf part) {
    if (chunked) {
      write(MessageWriter.chunkSize(channel().alloc(), part.readableBytes()));
      write(part);
      write(MessageWriter.chunkEnd());
    } else {
      write(part);
    }
  }

  /** The request's body is whole. */
  void end() {
    if (chunked) {
      write(MessageWriter.lastChunk(channel().alloc(), new Fields()));
    }
  }

  /**
   * The exchange has ended; the connection waits for the next one, or closes.
   *
   * @param whole both messages were sent to their ends, or none was begun
   */
  void detach(boolean whole) {
    exchange = null;
    used = true;
    // While reading, what follows the response is not known yet: settled by the reader.
    if (whole
        && responses.reusable()
        && !responses.holdsAny()
        && channel != null
        && channel.isActive()) {
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
    if (responses.holdsAny()) {
      through.fromUpstream(responses.take(), false);
    }
  }

  /** Sends bytes as they are, and owns them. */
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
            new Reads(
                bytes ->
                    exchange == null ? Math.min(bytes, FREE) : exchange.client().grant(bytes)));
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
      responses.read(ctx.alloc(), exchange.client().taking(bytes));
      if (unasked && exchange != null) {
        exchange.upstreamFlooded();
      }
    }
  }

  /** The exchange whose response is being read; null: none. */
  @Nullable Exchange answered() {
    return tunnel == null && !ended ? exchange : null;
  }

  boolean isOpen() {
    return !ended;
  }

  /** The instance sent bytes that are not a response. */
  void badResponse(BadMessage bad) {
    if (exchange != null) {
      exchange.fail(Failure.BAD_RESPONSE, bad.what());
    }
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
    if (tunnel != null) {
      tunnel.close();
    } else if (present == null) {
      if (!closing && used) {
        upstream.health().closesAfter(context.ticker().nanos() - waitsSince);
      }
      pool.remove(this);
    } else if (broken || !responses.closed(present)) {
      present.upstreamClosed();
    }
    responses.take().release();
  }
}
