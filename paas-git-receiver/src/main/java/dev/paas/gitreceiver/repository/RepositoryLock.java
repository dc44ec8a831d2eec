package dev.paas.gitreceiver.repository;

import dev.paas.base.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Many pushes may bring objects at once; a clean-up needs the repository when none is between
 * bringing its objects and anchoring them by a ref. Permits may be released by another thread than
 * the one that took them.
 */
public final class RepositoryLock {

  private static final int ALL = Integer.MAX_VALUE;

  private final Semaphore permits = new Semaphore(ALL, true);

  /** Pushes that have not been answered yet. Guarded by this. */
  private int present;

  RepositoryLock() {}

  /** A push begins to be received. */
  public synchronized void arrive() {
    present++;
  }

  /** The push has been answered. */
  public synchronized void depart() {
    present--;
    notifyAll();
  }

  /** Waits until nobody is being received, for so long; answers whether that is so. */
  synchronized boolean awaitEmpty(Duration patience, Ticker ticker) throws InterruptedException {
    long start = ticker.nanos();
    while (present > 0) {
      long left = patience.minus(ticker.since(start)).toMillis();
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Taken before the first object of a push is stored. */
  public void enter() {
    permits.acquireUninterruptibly();
  }

  /** Given back when the push's objects are reachable from a ref, or given up. */
  public void leave() {
    permits.release();
  }

  /**
   * Runs the clean-up if no push is under way; otherwise leaves it to the end of a later push.
   *
   * @return whether it ran
   */
  public <E extends Exception> boolean alone(CleanUp<E> cleanUp) throws E {
    if (!permits.tryAcquire(ALL)) {
      return false;
    }
    try {
      cleanUp.run();
      return true;
    } finally {
      permits.release(ALL);
    }
  }

  /** A clean-up that may fail. */
  public interface CleanUp<E extends Exception> {
    void run() throws E;
  }
}
