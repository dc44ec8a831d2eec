package dev.paas.runtime.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CancellationException;

/**
 * A stream of answers that its writer may block on: it waits while the caller does not read, and
 * ends with a {@link CancellationException} when the caller is gone.
 */
final class Outgoing<T> {

  private final ServerCallStreamObserver<T> observer;
  private final Runnable cancelled;
  private final Object change = new Object();
  private boolean over;

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

  private void wake() {
    synchronized (change) {
      change.notifyAll();
    }
  }

  /** Sends one answer; answers of several threads never mix. */
  void send(T answer) {
    synchronized (change) {
      while (!observer.isReady()) {
        if (observer.isCancelled() || over) {
          throw new CancellationException("the caller is gone");
        }
        try {
          change.wait();
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          throw new CancellationException("interrupted");
        }
      }
      observer.onNext(answer);
    }
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
