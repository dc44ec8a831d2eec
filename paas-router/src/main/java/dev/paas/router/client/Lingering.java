package dev.paas.router.client;

import dev.paas.router.proxy.ProxyContext;
import dev.paas.router.socket.Deadline;
import dev.paas.router.socket.Sockets;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;

/**
 * The end of a connection after its last answer. Closing a socket with unread bytes resets the
 * connection and may destroy the answer on its way, so those are read for a while.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
final class Lingering {

  /** How long a client may pause that was answered before it had ended its request. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ProxyContext context;
  private final Channel channel;
  private final Deadline deadline;
  private long until;

  Lingering(ProxyContext context, Channel channel, Deadline deadline) {
    this.context = context;
    this.channel = channel;
    this.deadline = deadline;
  }

  /**
   * Sends what was written, then closes.
   *
   * @param clean the client has sent nothing that was not read: it closes at once
   * @param read reads what else comes
   */
  void begin(boolean clean, Runnable read) {
    deadline.in(context.settings().sendTimeout());
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              if (clean || !channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
                channel.close();
              } else {
                Sockets.shutdownOutput(duplex);
                until = context.ticker().nanos() + context.settings().lingerTimeout().toNanos();
                deadline.in(PAUSE);
                read.run();
              }
            });
  }

  /** More came of a request that was answered before: for a while, if it goes on coming. */
  void more() {
    if (until == 0) {
      return;
    }
    long left = until - context.ticker().nanos();
    if (left <= 0) {
      channel.close();
    } else {
      deadline.in(Duration.ofNanos(Math.min(left, PAUSE.toNanos())));
    }
  }
}
