package dev.paas.runtime.container;

import dev.paas.base.time.Ticker;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The moment from which on a container's process hears what is asked of it. Until its init runs the
 * kernel drops signals to it, so that a stop would last until its grace is over and kill what could
 * have ended in its own way. A start is over when that moment has come.
 */
public final class Beginning {

  /** A process that has not come so far by then is signalled as it is. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long LOOK_NANOS = 500_000;

  private Beginning() {}

  /**
   * Returns when the process takes signals, or never will.
   *
   * @param over whether it has ended already
   */
  public static void await(ProcessIdentity process, BooleanSupplier over) {
    Ticker ticker = Ticker.system();
    long start = ticker.nanos();
    while (!process.takesSignals()
        && process.isAlive()
        && !over.getAsBoolean()
        && !Thread.currentThread().isInterrupted()
        && ticker.since(start).compareTo(PATIENCE) < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
