package dev.paas.runtime.instance;

import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.LifeText;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.log.Notices;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the platform does with the logs of instances. Nothing that happens to an instance waits for
 * its log: what can't be written there is logged by this daemon and left.
 */
final class InstanceNotes {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceNotes.class);

  private final Logs logs;
  private final Clock clock;

  InstanceNotes(Logs logs, Clock clock) {
    this.logs = logs;
    this.clock = clock;
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void attempt(Supervised instance, String what, Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException | Error failed) {
      LOG.atWarn()
          .addKeyValue("instance", instance.container())
          .addKeyValue("what", what)
          .setCause(failed)
          .log("instance's log left as it is");
    }
  }

  /** Its process has ended: what it printed last is a line. Saying it twice is harmless. */
  void processEnded(Supervised instance) {
    attempt(instance, "end", () -> logs.processEnded(instance.name(), clock.instant()));
  }

  /**
   * It has come from one state to another, which people are told where it says something to them.
   */
  void lives(Supervised instance, Life before) {
    LifeText.of(before, instance.life(), instance.spec().getPort())
        .ifPresent(
            text ->
                attempt(
                    instance,
                    "life",
                    () -> Notices.appendLife(logs.path(instance.name()), clock, text)));
  }

  /** Nothing is left of it but its log. */
  void removed(Supervised instance) {
    attempt(instance, "trimming", () -> logs.instanceRemoved(instance.name()));
  }

  void outOfMemory(Supervised instance, String detail) {
    notice(instance, Notices.OOM_KILLED, detail + "; raise runtime.memory or use less");
  }

  void killedAfter(Supervised instance, Duration grace) {
    notice(
        instance,
        Notices.STOP_TIMEOUT,
        "did not end within " + grace.toSeconds() + " s and was killed");
  }

  private void notice(Supervised instance, String code, String what) {
    String said = instance.name().label() + " " + what;
    attempt(
        instance, "notice", () -> Notices.append(logs.path(instance.name()), clock, code, said));
  }
}
