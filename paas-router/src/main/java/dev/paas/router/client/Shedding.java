package dev.paas.router.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers connections that there is no room for and closes them. A few at a time are read for a
 * moment, as closing a socket with unread bytes may destroy the answer on its way.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel ends with its timer
final class Shedding {

  /** Connections that are being refused: what the limit of open files leaves room for. */
  static final int MAX = 64;

  private static final int MILLIS = 500;

  private final AtomicInteger current = new AtomicInteger();

  void refuse(Channel channel, ByteBuf answer) {
    if (current.incrementAndGet() > MAX) {
      current.decrementAndGet();
      channel.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    channel.closeFuture().addListener(closed -> current.decrementAndGet());
    channel.pipeline().addLast(new Reader());
    channel
        .writeAndFlush(answer)
        .addListener(
            sent -> {
              if (sent.isSuccess() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
              }
            });
  }

  /** Reads and forgets until the client has gone or the time has passed. */
  private static final class Reader extends ChannelInboundHandlerAdapter {

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.executor().schedule(() -> ctx.close(), MILLIS, TimeUnit.MILLISECONDS);
      ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
