package dev.paas.runtime.duty;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Standing duties: whatever one of them throws, it is logged and the duty is tried again at its
 * next time. A timer's task that throws is never run again, so no task of a timer throws past this.
 * A duty that fails again and again is logged more and more rarely, and a person is told.
 */
public final class Duties {

  /** From so many failures in a row on a person should know. */
  private static final int WORTH_TELLING = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Duties.class);

  private final Map<String, Trouble> failing = new ConcurrentHashMap<>();

  /** What is to be done. */
  @FunctionalInterface
  public interface Task {
    void run() throws Exception;
  }

  /**
   * A duty that keeps failing.
   *
   * @param failures in a row
   */
  public record Trouble(String duty, int failures, String cause) {}

  /** The task in a form that throws nothing. */
  public Runnable standing(String duty, Task task) {
    return () -> attempt(duty, task);
  }

  /** Does it once; whether it failed is noted. */
  public void attempt(String duty, Task task) {
    try {
      task.run();
      failing.remove(duty);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (Throwable failed) { // an error, too, must not end the duty
      note(duty, failed);
    }
  }

  private void note(String duty, Throwable failed) {
    Trouble now =
        failing.merge(
            duty,
            new Trouble(duty, 1, String.valueOf(failed)),
            (before, one) -> new Trouble(duty, before.failures() + 1, one.cause()));
    // The first, the second, the fourth, the eighth…
    if (Integer.bitCount(now.failures()) == 1) {
      LOG.atWarn()
          .addKeyValue("duty", duty)
          .addKeyValue("failures", now.failures())
          .setCause(failed)
          .log("duty failed, will be tried again");
    }
  }

  /**
   * Records a failure of a duty whose owner tries it again and logs it.
   *
   * @param failures in a row
   */
  public void failed(String duty, int failures, Throwable cause) {
    failing.put(duty, new Trouble(duty, failures, String.valueOf(cause)));
  }

  /** Nothing is left to be done of it. */
  public void over(String duty) {
    failing.remove(duty);
  }

  /** Duties that have failed many times in a row. */
  public List<Trouble> troubles() {
    return failing.values().stream()
        .filter(trouble -> trouble.failures() >= WORTH_TELLING)
        .toList();
  }
}
