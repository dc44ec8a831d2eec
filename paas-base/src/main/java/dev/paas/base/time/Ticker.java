package dev.paas.base.time;

import java.time.Duration;

/**
 * Monotonic time: the only source of durations, so that a change of the wall clock moves nothing.
 */
@FunctionalInterface
public interface Ticker {

  /** Nanoseconds since an arbitrary origin; never goes back. */
  long nanos();

  /** The time that passed since an earlier reading of the same ticker. */
  default Duration since(long earlierNanos) {
    return Duration.ofNanos(nanos() - earlierNanos);
  }

  static Ticker system() {
    return System::nanoTime;
  }
}
