package dev.paas.api.push;

import dev.paas.base.problem.PaasException;
import dev.paas.gitreceiver.Progress;
import java.util.concurrent.Semaphore;

/** The wait of one pusher, and what ends it early. */
final class Patience {

  private final Semaphore changes = new Semaphore(0);
  private volatile boolean superseded;

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

  /** A newer push has come before this one was taken on. */
  void supersede() {
    superseded = true;
    wake();
  }

  boolean superseded() {
    return superseded;
  }

  void check() {
    if (superseded) {
      throw new PaasException(PushProblems.superseded());
    }
  }
}
