package dev.paas.api.push;

import dev.paas.base.problem.PaasException;
import dev.paas.gitreceiver.Progress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** The wait of one pusher, and what ends it early. */
final class Patience {

  private enum Turn {
    WAITING,
    BEGUN,
    SUPERSEDED
  }

  private final Semaphore changes = new Semaphore(0);
  private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.WAITING);

  Patience(Progress progress) {
    progress.onHangUp(this::wake);
  }

  /** There may be something new to see. */
  void wake() {
    changes.release();
  }

  void await() throws InterruptedException {
    changes.acquire();
    changes.drainPermits();
  }

  /** A newer push has come; it counts only while this one has not begun. */
  void supersede() {
    if (turn.compareAndSet(Turn.WAITING, Turn.SUPERSEDED)) {
      wake();
    }
  }

  boolean superseded() {
    return turn.get() == Turn.SUPERSEDED;
  }

  /**
   * The push is taken on now; from here on nothing supersedes it.
   *
   * @throws PaasException {@code push.superseded}: a newer one came before
   */
  void begin() {
    turn.compareAndSet(Turn.WAITING, Turn.BEGUN);
    check();
  }

  void check() {
    if (superseded()) {
      throw new PaasException(PushProblems.superseded());
    }
  }
}
