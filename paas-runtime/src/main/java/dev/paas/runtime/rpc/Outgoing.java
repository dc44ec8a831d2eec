package dev.paas.runtime.rpc;

import dev.paas.base.time.Ticker;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * A stream of answers that its writer may block on: it waits while the caller does not read, and
 * ends with a {@link CancellationException} when the caller is gone.
 */
final class Outgoing<T> {

  private final ServerCallStreamObserver<T> observer;
  private final Runnable cancelled;
  private final Ticker ticker = Ticker.system();
  private final Object change = new Object();
  private boolean over;
  private long patienceNanos = Long.MAX_VALUE;

  /** Must be made in the call's own method, before it returns. */
  Outgoing(ServerCallStreamObserver<T> observer, Runnable cancelled) {
    this.observer = observer;
    this.cancelled = cancelled;
    observer.setOnReadyHandler(this::wake);
    observer.setOnCancelHandler(
        () -> {
          wake();
          cancelled.run();
        });
  }

  /** From now on, waits no longer until the caller takes one answer. */
  Outgoing<T> within(Duration longest) {
    patienceNanos = longest.toNanos();
    return this;
  }

  private void wake() {
    synchronized (change) {
      change.notifyAll();
    }
  }

  /** Sends one answer; answers of several threads never mix. */
  void send(T answer) {
    synchronized (change) {
      long begun = ticker.nanos();
      while (!observer.isReady()) {
        if (observer.isCancelled() || over) {
          throw new CancellationException("the caller is gone");
        }
        try {
          await(begun);
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          throw new CancellationException("interrupted");
        }
      }
      observer.onNext(answer);
    }
  }

  /**
   * Fails as {@link #send} does when the caller is gone: for work that may have nothing to send.
   */
  void check() {
    synchronized (change) {
      if (observer.isCancelled() || over) {
        throw new CancellationException("the caller is gone");
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  private void await(long begun) throws InterruptedException {
    if (patienceNanos == Long.MAX_VALUE) {
      change.wait();
      return;
    }
    long left = patienceNanos - ticker.since(begun).toNanos();
    if (left <= 0) {
      throw Stalled.problem(Duration.ofNanos(patienceNanos));
    }
    TimeUnit.NANOSECONDS.timedWait(change, left);
  }

  void complete() {
    synchronized (change) {
      if (!over && !observer.isCancelled()) {
        observer.onCompleted();
      }
      over = true;
    }
  }

  /** Ends the call from beside its own thread, which is cancelled. */
  void abort(String call, Throwable failed) {
    fail(call, failed);
    cancelled.run();
  }

  void fail(String call, Throwable failed) {
    synchronized (change) {
      if (!over && !observer.isCancelled()) {
        observer.onError(Failures.of(call, failed));
      }
      over = true;
    }
  }
}
