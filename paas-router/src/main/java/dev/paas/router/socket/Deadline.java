package dev.paas.router.socket;

import dev.paas.base.time.Ticker;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time limit that is set at each step of a connection. Putting it off costs an assignment: the
 * timer that runs first looks again. Belongs to one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
public final class Deadline {

  private static final long NEVER = Long.MAX_VALUE;

  private final EventLoop loop;
  private final Ticker ticker;
  private final long origin;
  private final Runnable onExpiry;
  private long due = NEVER;
  private long timerDue = NEVER;
  private @Nullable ScheduledFuture<?> timer;

  public Deadline(EventLoop loop, Ticker ticker, Runnable onExpiry) {
    this.loop = loop;
    this.ticker = ticker;
    this.origin = ticker.nanos();
    this.onExpiry = onExpiry;
  }

  /** Expires after {@code wait}, whatever was set before. */
  public void in(Duration wait) {
    due = now() + wait.toNanos();
    if (due < timerDue) {
      cancelTimer();
      start();
    }
  }

  public void clear() {
    due = NEVER;
  }

  /** For ever: the connection has ended. */
  public void close() {
    due = NEVER;
    cancelTimer();
  }

  private long now() {
    return ticker.nanos() - origin;
  }

  private void start() {
    timerDue = due;
    timer = loop.schedule(this::fire, Math.max(0, due - now()), TimeUnit.NANOSECONDS);
  }

  private void fire() {
    timer = null;
    timerDue = NEVER;
    if (due == NEVER) {
      return;
    }
    if (due > now()) {
      start();
    } else {
      due = NEVER;
      onExpiry.run();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
      timerDue = NEVER;
    }
  }
}
