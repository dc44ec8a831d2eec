package dev.paas.runtime.oci;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An end for waits on programs of the host. Whoever waits reads from the program; what ends it is
 * done on a thread of its own, and the reader sees the end of what it reads.
 */
public final class TimeLimit {

  private static final Logger LOG = LoggerFactory.getLogger(TimeLimit.class);

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "time-limit");
            thread.setDaemon(true);
            return thread;
          });

  private final Duration most;

  public TimeLimit(Duration most) {
    this.most = most;
    // Or each wait, with all that it refers to, is kept for as long as it might have lasted.
    timer.setRemoveOnCancelPolicy(true);
  }

  /** What becomes of a wait is decided once. */
  enum State {
    WAITS,
    PASSED,
    OVER
  }

  /**
   * Begins one wait; closing it says that it is over.
   *
   * @param end ends what is waited for when the time is over
   */
  public Wait begin(Runnable end) {
    AtomicReference<State> state = new AtomicReference<>(State.WAITS);
    Future<?> due = timer.schedule(() -> pass(state, end), most.toMillis(), TimeUnit.MILLISECONDS);
    return new Wait(most, state, due);
  }

  static void pass(AtomicReference<State> state, Runnable end) {
    if (!state.compareAndSet(State.WAITS, State.PASSED)) {
      return;
    }
    try {
      end.run();
    } catch (RuntimeException | Error failed) {
      LOG.atError().setCause(failed).log("what took too long was not ended");
    }
  }

  /** One wait. */
  public record Wait(Duration most, AtomicReference<State> state, Future<?> due)
      implements AutoCloseable {

    /** Whether the time was over before the wait was. */
    public boolean hasPassed() {
      return state.get() == State.PASSED;
    }

    /**
     * @throws dev.paas.base.problem.PaasException {@code instance.start-hangs}, when the time is
     *     over
     */
    public void check() {
      if (hasPassed()) {
        throw Problem.of(
                Kind.HOST_FAILED,
                "instance.start-hangs",
                "The OCI runtime or its monitor did not answer in time",
                most.toSeconds() + " s",
                "Try again; paas doctor may say what the host lacks.")
            .asException();
      }
    }

    /**
     * Says that the wait is over: from now on nothing ends what was waited for.
     *
     * @throws dev.paas.base.problem.PaasException {@code instance.start-hangs}, when the time was
     *     over before
     */
    public void over() {
      boolean unused = state.compareAndSet(State.WAITS, State.OVER);
      check();
    }

    @Override
    public void close() {
      boolean unused = state.compareAndSet(State.WAITS, State.OVER);
      due.cancel(false);
    }
  }
}
