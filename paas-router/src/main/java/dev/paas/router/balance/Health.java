package dev.paas.router.balance;

import dev.paas.base.time.Backoff;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How an instance has answered of late. One that fails at once carries nothing most of the time, so
 * that whoever asks for the least busy one finds it: after some failures in a row it is left out
 * for a while, then asked again. Safe for all threads.
 */
public final class Health {

  /** How long a connection may have waited that takes what must not be sent twice, at first. */
  private static final long CAUTIOUS = TimeUnit.MILLISECONDS.toNanos(250);

  /** What is short of the time at which it closes connections: that may be early. */
  private static final long MARGIN = TimeUnit.MILLISECONDS.toNanos(50);

  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean left;
  private volatile long until;
  private volatile long closesAfter;

  /** It has answered a request. */
  public void answered() {
    if (failures.get() != 0) {
      failures.set(0);
      left = false;
    }
  }

  /**
   * It took no connection, or ended one before it had answered.
   *
   * @param after failures in a row before it is left out
   * @param times for how long
   */
  public void failed(long now, int after, Backoff times) {
    if (isLeftOut(now)) {
      // Requests that it was given before.
      return;
    }
    int inARow = failures.incrementAndGet();
    if (inARow >= after) {
      until = now + times.after(inARow - after + 1).toNanos();
      left = true;
    }
  }

  /** It has closed a connection that waited so long for a request, or says that it does. */
  public void closesAfter(long nanos) {
    long known = closesAfter;
    if (known == 0 || nanos < known) {
      closesAfter = Math.max(1, nanos);
    }
  }

  /** How long a connection may have waited for one more request, if that must not be lost. */
  public long surelyOpen() {
    long known = closesAfter;
    return known == 0 ? CAUTIOUS : Math.max(0, known - known / 4 - MARGIN);
  }

  /** Whether others are to be asked instead, if there are any. */
  public boolean isLeftOut(long now) {
    return left && until - now > 0;
  }
}
