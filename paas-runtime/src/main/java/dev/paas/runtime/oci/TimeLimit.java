package dev.paas.runtime.oci;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An end for waits on programs of the host. Whoever waits reads from the program; what ends it is
 * done on a thread of its own, and the reader sees the end of what it reads.
 */
public final class TimeLimit {

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "time-limit");
            thread.setDaemon(true);
            return thread;
          });

  private final Duration most;

  public TimeLimit(Duration most) {
    this.most = most;
  }

  /**
   * Begins one wait; closing it says that it is over.
   *
   * @param end ends what is waited for when the time is over
   */
  public Wait begin(Runnable end) {
    AtomicBoolean passed = new AtomicBoolean();
    Future<?> due =
        timer.schedule(
            () -> {
              passed.set(true);
              end.run();
            },
            most.toMillis(),
            TimeUnit.MILLISECONDS);
    return new Wait(most, passed, due);
  }

  /** One wait. */
  public record Wait(Duration most, AtomicBoolean passed, Future<?> due) implements AutoCloseable {

    /**
     * @throws dev.paas.base.problem.PaasException {@code instance.start-hangs}, when the time is
     *     over
     */
    public void check() {
      if (passed.get()) {
        throw Problem.of(
                Kind.HOST_FAILED,
                "instance.start-hangs",
                "The OCI runtime or its monitor did not answer in time",
                most.toSeconds() + " s",
                "Try again; paas doctor may say what the host lacks.")
            .asException();
      }
    }

    @Override
    public void close() {
      due.cancel(false);
    }
  }
}
