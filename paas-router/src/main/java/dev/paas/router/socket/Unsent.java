package dev.paas.router.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/**
 * What was written to one side and its kernel has not taken. Belongs to the channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
public final class Unsent {

  private final Channel channel;
  private final Runnable onSent;
  private int unused;
  private boolean awaited;

  /**
   * @param onSent called when all has been sent, once for each time that it was asked for
   */
  public Unsent(Channel channel, Runnable onSent) {
    this.channel = channel;
    this.onSent = onSent;
  }

  public long bytes() {
    return Sockets.unsent(channel);
  }

  /**
   * Bytes that are about to be written here, in a buffer that is not much larger than they are: it
   * stays until they are sent.
   */
  public ByteBuf taking(ByteBuf read) {
    if (bytes() > 0) {
      return Sockets.compact(channel.alloc(), read);
    }
    unused = read.capacity() - read.readableBytes();
    return read;
  }

  /** The memory that is held for it. */
  public long held() {
    long bytes = bytes();
    return bytes == 0 ? 0 : bytes + unused;
  }

  /** Asks to be told when all that was written by now has been sent. */
  public void await() {
    if (awaited || !channel.isActive()) {
      return;
    }
    awaited = true;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            // Later: the bytes are counted as sent after their promise is kept.
            sent -> channel.eventLoop().execute(this::sent));
  }

  private void sent() {
    awaited = false;
    if (channel.isActive()) {
      onSent.run();
    }
  }
}
