package dev.paas.runtime.registry;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** How often, and after what pause, a registry is asked once more after it has failed. */
final class Pauses {

  /** In a row, without anything that worked between them. */
  private static final int MAX_FAILURES = 5;

  /** All in all: a registry that gives a byte each time is not followed for ever. */
  private static final int MAX_EVER = 100;

  private static final long PAUSE_MILLIS = 200;

  private int failures;
  private int ever;

  /** Something worked. */
  void reset() {
    failures = 0;
  }

  /**
   * Waits after a failure; false when that was one too many.
   *
   * @throws InterruptedIOException when the thread is interrupted
   */
  boolean again() throws InterruptedIOException {
    failures++;
    ever++;
    if (failures > MAX_FAILURES || ever > MAX_EVER) {
      return false;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS * failures);
      return true;
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("cancelled");
    }
  }
}
