package dev.paas.api.fake;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of {@link MemoryScheduler}. An executor keeps what a step throws in a future that
 * nobody reads; this one says it at once and at every {@link #check}.
 */
final class Loop extends ScheduledThreadPoolExecutor {

  private volatile @Nullable Throwable failure;

  Loop() {
    super(
        1,
        task -> {
          Thread thread = new Thread(task, "memory-scheduler");
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  protected void afterExecute(Runnable step, @Nullable Throwable thrown) {
    super.afterExecute(step, thrown);
    Throwable failed = thrown == null ? thrownBy(step) : thrown;
    if (failed != null && failure == null) {
      failure = failed;
      failed.printStackTrace();
    }
  }

  private static @Nullable Throwable thrownBy(Runnable step) {
    if (!(step instanceof Future<?> done) || !done.isDone()) {
      return null;
    }
    try {
      done.get();
      return null;
    } catch (ExecutionException failed) {
      return failed.getCause();
    } catch (CancellationException closed) {
      return null;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Throws when a step has failed: what the scheduler says from then on may be wrong. */
  void check() {
    Throwable failed = failure;
    if (failed != null) {
      throw new IllegalStateException("a step of the scheduler in memory failed", failed);
    }
  }
}
