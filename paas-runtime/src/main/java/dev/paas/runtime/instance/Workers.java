package dev.paas.runtime.instance;

import dev.paas.base.time.Backoff;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.duty.NamedThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that look after instances. Launches have their own, so that many of them keep no stop
 * and no check waiting.
 */
final class Workers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  /** Checks, stops and removals at once. */
  private static final int STEPS = 4;

  /** Launches at once: more would only wait for the kernel's locks. */
  private static final int LAUNCHES = 4;

  /** Launches that are under way when the daemon ends are let through, this long at most. */
  private static final Duration LAST_LAUNCHES = Duration.ofSeconds(10);

  /** Before something that failed is done again. */
  private static final Backoff RETRIES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  private final ScheduledThreadPoolExecutor steps =
      new ScheduledThreadPoolExecutor(STEPS, new NamedThreads("instances"));

  private final ThreadPoolExecutor launches =
      new ThreadPoolExecutor(
          LAUNCHES,
          LAUNCHES,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          new NamedThreads("launches"));

  private final Duties duties;

  Workers(Duties duties) {
    this.duties = duties;
  }

  /** For what is soon done. */
  Executor steps() {
    return task -> later(Duration.ZERO, task);
  }

  /** For launches, in the order in which they were asked for. */
  Executor launches() {
    return task -> {
      try {
        launches.execute(task);
      } catch (RejectedExecutionException closed) {
        LOG.atDebug().log("closed, the next start launches it");
      }
    };
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void later(Duration wait, Runnable task) {
    try {
      steps.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      LOG.atDebug().log("closed, the next start goes on");
    }
  }

  /**
   * Does something that failed again, after a pause; who asks doctor is told when it goes on
   * failing.
   *
   * @param duty names it, e.g. {@code remove of shop.web.v3.1.g0}
   * @param failures in a row
   */
  void again(String duty, int failures, Throwable cause, Runnable task) {
    // In this order, or a retry that succeeds at once would be recorded as failing afterwards.
    try {
      duties.failed(duty, failures, cause);
    } finally {
      later(RETRIES.after(failures), task);
    }
  }

  /** Does a duty once; see {@link Duties#attempt}. */
  void attempt(String duty, Duties.Task task) {
    duties.attempt(duty, task);
  }

  /** A duty that had failed is done, or is not needed any more. */
  void over(String duty) {
    duties.over(duty);
  }

  /** Does a duty again and again, with this pause in between. */
  void repeat(String duty, Duration interval, Duties.Task task) {
    later(
        interval,
        () -> {
          duties.attempt(duty, task);
          repeat(duty, interval, task);
        });
  }

  /** Whether the daemon ends: what is under way is left as it is, to the next one. */
  boolean areClosed() {
    return launches.isShutdown();
  }

  /** Steps that wait for their time or a thread. */
  int waitingSteps() {
    return steps.getQueue().size();
  }

  /** Lets launches that are under way end; those that wait are left to the next daemon. */
  @Override
  public void close() {
    launches.shutdown();
    launches.getQueue().clear();
    try {
      if (!launches.awaitTermination(LAST_LAUNCHES.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.atWarn().log("a launch is cut off, the next daemon does it again");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    steps.shutdownNow();
  }
}
