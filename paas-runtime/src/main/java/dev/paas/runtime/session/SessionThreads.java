package dev.paas.runtime.session;

import dev.paas.runtime.duty.NamedThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The threads that work for sessions. An exec waits for an instance, which may be stopped or stuck:
 * runs do not wait for that.
 *
 * @param timer does what is soon done, now or later
 * @param runs starts runs
 * @param execs starts execs
 */
record SessionThreads(ScheduledExecutorService timer, ExecutorService runs, ExecutorService execs)
    implements AutoCloseable {

  /** Starts of runs at once, and as many of execs. */
  private static final int STARTERS = 4;

  private static final int TIMERS = 2;

  static SessionThreads begin() {
    return new SessionThreads(
        Executors.newScheduledThreadPool(TIMERS, new NamedThreads("session")),
        Executors.newFixedThreadPool(STARTERS, new NamedThreads("session-run")),
        Executors.newFixedThreadPool(STARTERS, new NamedThreads("session-exec")));
  }

  /** Starts that are under way go on: the next daemon finds what is noted of them. */
  @Override
  public void close() {
    timer.shutdownNow();
    runs.shutdown();
    execs.shutdown();
  }
}
