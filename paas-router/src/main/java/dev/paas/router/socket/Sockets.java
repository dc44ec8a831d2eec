package dev.paas.router.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.function.BooleanSupplier;

/** How sockets of clients and instances are set up and asked. */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
public final class Sockets {

  /**
   * Bytes of the receive buffer of a connection to an instance; the kernel doubles it. When the
   * instance closes, all that is in it has to be held here until a slow client has read it.
   */
  public static final int INSTANCE_BUFFER = 64 << 10;

  /** Bytes that wait in the process for one slow reader before the other side is not read. */
  public static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 << 10, 64 << 10);

  /** Bytes of a held buffer that may be unused. */
  private static final int UNUSED = 512;

  private Sockets() {}

  /** Nothing is read unasked, and one side may end while the other goes on. */
  public static Bootstrap options(Bootstrap bootstrap) {
    return bootstrap
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        // An instance may have answered before it stopped reading: a failed write ends the sending.
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
  }

  /** Reads once. */
  public static void read(Channel channel) {
    channel.read();
  }

  /** Has a part sent with the next flush, and owns it; the handler is told of a failure. */
  public static void write(Channel channel, ByteBuf part) {
    channel.write(part, channel.voidPromise());
  }

  /** Hands what was written to the kernel. */
  public static void flush(Channel channel) {
    channel.flush();
  }

  /** Bytes written and not yet taken by the kernel. */
  public static long unsent(Channel channel) {
    // A channel tells how far it is from its marks: it is writable up to the high one, and once
    // beyond that again below the low one.
    if (channel.isWritable()) {
      return WATER_MARK.high() + 1L - channel.bytesBeforeUnwritable();
    }
    long tooMany = channel.bytesBeforeWritable();
    boolean closed = tooMany == Long.MAX_VALUE;
    return closed ? 0 : WATER_MARK.low() - 1L + tooMany;
  }

  /**
   * Ends the sending half of a connection when all that was written has been sent.
   *
   * @param written asked then; false: the connection is being closed altogether
   */
  public static void endOutput(Channel channel, BooleanSupplier written) {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              if (written.getAsBoolean()
                  && channel.isActive()
                  && channel instanceof DuplexChannel duplex) {
                shutdownOutput(duplex).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
              }
            });
  }

  /** Ends the sending half now, with the word that TLS has for it (RFC 8446 §6.1). */
  public static ChannelFuture shutdownOutput(DuplexChannel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      return channel.shutdownOutput();
    }
    ChannelPromise promise = channel.newPromise();
    tls.closeOutbound().addListener(said -> channel.shutdownOutput(promise));
    return promise;
  }

  /**
   * Ends a connection so that nobody takes what was sent for the whole: by a reset, in the midst.
   */
  public static void cut(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    // Past TLS, which would say that this is the end.
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      channel.close();
    } else {
      first.close();
    }
  }

  /** Both buffers as one; owns both. */
  public static ByteBuf join(ByteBufAllocator allocator, ByteBuf first, ByteBuf second) {
    if (!first.isReadable()) {
      first.release();
      return second;
    }
    return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, first, second);
  }

  /** The same bytes in a buffer of their size, when they are few; owns {@code bytes}. */
  public static ByteBuf compact(ByteBufAllocator allocator, ByteBuf bytes) {
    int size = bytes.readableBytes();
    if (bytes.capacity() <= 2 * size + UNUSED) {
      return bytes;
    }
    ByteBuf copy = allocator.buffer(size).writeBytes(bytes);
    bytes.release();
    return copy;
  }

  /** What is left of a buffer after reading: nothing is kept of an empty one. */
  public static ByteBuf rest(ByteBufAllocator allocator, ByteBuf buffer) {
    if (buffer.isReadable()) {
      return compact(allocator, buffer);
    }
    buffer.release();
    return Unpooled.EMPTY_BUFFER;
  }
}
