package dev.paas.router.control;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.ToRouter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the control plane. What it is told is the newest truth: a status that it has
 * not taken yet is replaced by the next one, so a peer that does not read costs one message.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
final class ControlConnection extends SimpleChannelInboundHandler<ByteBuf> {

  private static final Logger log = LoggerFactory.getLogger(ControlConnection.class);

  private final ControlServer server;
  private @Nullable Channel channel;
  private @Nullable FromRouter waiting;

  ControlConnection(ControlServer server) {
    this.server = server;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws IOException {
    PeerCredentials peer = ((EpollDomainSocketChannel) ctx.channel()).peerCredentials();
    channel = ctx.channel();
    if (!server.admits(peer.uid())) {
      log.atWarn()
          .addKeyValue("uid", peer.uid())
          .addKeyValue("pid", peer.pid())
          .log("another user on the control socket was turned away");
      ctx.close();
    } else if (!server.opened(this)) {
      log.atWarn().addKeyValue("pid", peer.pid()).log("too many control connections");
      ctx.close();
    } else {
      ctx.read();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame)
      throws InvalidProtocolBufferException {
    ToRouter message = ToRouter.parseFrom(frame.nioBuffer());
    // Nothing further is read until this is applied: tables do not pile up.
    if (!server.apply(message, this)) {
      ctx.read();
    }
  }

  /** From any thread. */
  void answered(FromRouter answer) {
    Channel to = channel;
    if (to != null) {
      to.eventLoop()
          .execute(
              () -> {
                send(answer);
                to.read();
              });
    }
  }

  /** From any thread. */
  void tell(FromRouter status) {
    Channel to = channel;
    if (to != null) {
      to.eventLoop().execute(() -> send(status));
    }
  }

  /** From any thread: told now or never; the newest status goes first. */
  void offer(FromRouter message) {
    Channel to = channel;
    if (to != null) {
      to.eventLoop()
          .execute(
              () -> {
                if (to.isActive() && to.isWritable()) {
                  write(to, message);
                }
              });
    }
  }

  /** From any thread. */
  void close() {
    Channel to = channel;
    if (to != null) {
      to.close();
    }
  }

  private void send(FromRouter message) {
    Channel to = channel;
    if (to == null || !to.isActive()) {
      return;
    }
    if (!to.isWritable()) {
      waiting = message;
      return;
    }
    waiting = null;
    write(to, message);
  }

  private static void write(Channel to, FromRouter message) {
    int size = message.getSerializedSize();
    ByteBuf frame = to.alloc().buffer(CodedOutputStream.computeUInt32SizeNoTag(size) + size);
    try (ByteBufOutputStream out = new ByteBufOutputStream(frame)) {
      message.writeDelimitedTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    to.writeAndFlush(frame, to.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!server.applying(this)) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    FromRouter newest = waiting;
    if (newest != null && ctx.channel().isWritable()) {
      send(newest);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.atWarn().addKeyValue("cause", cause.toString()).log("a control connection was closed");
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    server.closed(this);
  }
}
