package dev.paas.base.time;

import java.time.Duration;

/**
 * Pauses before the next try of what has failed: each twice as long as the one before, up to the
 * longest.
 *
 * @param first after one failure
 */
public record Backoff(Duration first, Duration longest) {

  public Backoff {
    if (first.isZero() || first.isNegative()) {
      throw new IllegalArgumentException("first pause " + first + " (expected: > 0)");
    }
  }

  /**
   * The pause after so many failures in a row.
   *
   * @param failures 1 or more
   */
  public Duration after(int failures) {
    Duration pause = first;
    for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) > 0 ? longest : pause;
  }
}
