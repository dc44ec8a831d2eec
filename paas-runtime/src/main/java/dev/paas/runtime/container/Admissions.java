package dev.paas.runtime.container;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps starts of an app's processes and the removal of the app apart. Whoever starts one holds an
 * admission from before the first trace of it until whoever removes the app can find it; a removal
 * waits for those and lets no other begin. So no process of a removed app is left behind with ids
 * that the next app gets.
 */
public final class Admissions {

  /** Guarded by this: how many starts are under way, and how many removals. */
  private final Map<AppName, Integer> starts = new HashMap<>();

  private final Map<AppName, Integer> removals = new HashMap<>();

  /** Closing it, more than once if need be, ends it. */
  public interface Admission extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A process of the app is about to be started.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.app-removed}
   */
  public synchronized Admission start(AppName app) {
    if (removals.containsKey(app)) {
      throw Problem.of(
              Kind.INVALID,
              "instance.app-removed",
              "The app is being removed",
              app.value(),
              "Create the app again first.")
          .asException();
    }
    return counted(starts, app);
  }

  /** Returns when no start is under way; until the answer is closed none begins. */
  public synchronized Admission removal(AppName app) throws InterruptedException {
    Admission removal = counted(removals, app);
    try {
      while (starts.containsKey(app)) {
        wait();
      }
    } catch (InterruptedException stopped) {
      removal.close();
      throw stopped;
    }
    return removal;
  }

  private Admission counted(Map<AppName, Integer> counts, AppName app) {
    counts.merge(app, 1, Integer::sum);
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        end(counts, app);
      }
    };
  }

  private synchronized void end(Map<AppName, Integer> counts, AppName app) {
    counts.computeIfPresent(app, (same, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }
}
