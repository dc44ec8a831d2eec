package dev.paas.api.scheduler;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Whoever runs the instances. Everything may be asked for again: an instance that is there is not
 * started twice, and one that is gone is stopped already.
 *
 * <p>What fails throws, or completes a future with, a {@link dev.paas.base.problem.PaasException}:
 * the scheduler's own problem, or {@code runtime.unavailable} where it is away.
 */
public interface Scheduler {

  /** Hears what runs. Called on the scheduler's threads: only hand over. */
  interface Watcher {

    /**
     * All instances; the first that a watcher hears.
     *
     * @param deaths how often the scheduler has ended without having been told to
     */
    void snapshot(List<Instance> all, long deaths);

    void changed(Instance instance);

    /** It is gone. */
    void removed(InstanceName instance);

    /** Nothing more will be heard; called once, and last. */
    void lost(String why);
  }

  /** A watch that goes on until it is closed or lost. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** Connects and tells first all that runs, then each change. */
  Watch watch(Watcher watcher);

  /** All instances of an app, or a problem: never some of them. Runs are not among them. */
  List<Instance> list(AppName app);

  /** Starts an instance, or answers with the one of this name that is there. */
  CompletableFuture<Instance> start(InstanceSpec spec);

  /**
   * Stops and removes an instance; completes with its name when it is gone.
   *
   * @param grace how long it may take to stop by itself, in whole seconds
   */
  CompletableFuture<InstanceName> stop(InstanceName instance, Duration grace);

  /**
   * At most the last {@code count} lines of this instance, oldest first, without those that say
   * what became of it.
   */
  List<String> lastLines(InstanceName instance, int count);

  /** Lines of an app's log, oldest first. The reading begins when somebody subscribes. */
  Flow.Publisher<LogLine> logs(LogQuery query);

  /** A command beside the app's instances; it waits for its reader. */
  Run run(InstanceSpec spec);

  /** Commands that go on without a reader, and can be attached to. */
  Sessions sessions();

  /**
   * Removes all that there is of an app: instances, runs, sessions and logs. Its images belong to
   * whoever builds them.
   *
   * @param patience how long to wait for that
   */
  void removeApp(AppName app, Duration patience);
}
