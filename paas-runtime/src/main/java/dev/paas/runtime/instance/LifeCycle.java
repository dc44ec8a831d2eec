package dev.paas.runtime.instance;

import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.instance.life.Action;
import dev.paas.runtime.instance.life.Alive;
import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.Next;
import dev.paas.runtime.instance.life.Observation;
import dev.paas.runtime.linux.ProcessIdentity;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes instances from one state to the next: what is observed of one is told to its {@link Life},
 * and what that decides is done. All of it in the instance's turn. Whatever fails is tried again:
 * an instance is never left without anybody who looks after it.
 */
final class LifeCycle {

  private static final Logger LOG = LoggerFactory.getLogger(LifeCycle.class);

  /** Puts back what somebody took from around a running process. */
  private static final String RESTORE = "restore";

  private final Workers workers;
  private final Effects effects;
  private final LaunchQueue launches;
  private final ProcessCheck checks;
  private final Ends ends;
  private final InstanceNotes notes;

  LifeCycle(
      Workers workers,
      Effects effects,
      LaunchQueue launches,
      ProcessCheck checks,
      Ends ends,
      InstanceNotes notes) {
    this.workers = workers;
    this.effects = effects;
    this.launches = launches;
    this.checks = checks;
    this.ends = ends;
    this.notes = notes;
  }

  /** A step with an instance. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * A try of a step.
   *
   * @param failures of the tries before it, in a row
   */
  private record Try(Supervised instance, String what, Step step, int failures) {

    Try next() {
      return new Try(instance, what, step, failures + 1);
    }

    String duty() {
      return LifeCycle.duty(what, instance);
    }
  }

  /** The name that doctor tells, e.g. {@code remove of shop.web.v3.1.g0}. */
  private static String duty(String what, Supervised instance) {
    return what + " of " + instance.container();
  }

  /**
   * Does a step in the instance's turn; one that fails is done again until nothing is left.
   *
   * @param what names it to people, e.g. {@code observe}
   */
  private void soon(Supervised instance, String what, Step step) {
    soon(new Try(instance, what, step, 0));
  }

  private void soon(Try attempt) {
    attempt.instance().turns().run(workers.steps(), () -> now(attempt));
  }

  /** The same, when this is the instance's turn. */
  void now(Supervised instance, String what, Step step) {
    now(new Try(instance, what, step, 0));
  }

  private void now(Try attempt) {
    try {
      attempt.step().run();
    } catch (Throwable failed) { // or nobody would look after the instance any more
      tryAgain(attempt.next(), failed);
      return;
    }
    if (attempt.failures() > 0) {
      workers.over(attempt.duty());
    }
  }

  private void tryAgain(Try next, Throwable failed) {
    Supervised instance = next.instance();
    LOG.atError()
        .addKeyValue("instance", instance.container())
        .addKeyValue("step", next.what())
        .addKeyValue("failures", next.failures())
        .setCause(failed)
        .log("instance's step failed, will be tried again");
    if (instance.life() instanceof Life.Gone) {
      workers.over(next.duty());
    } else {
      workers.again(next.duty(), next.failures(), failed, () -> soon(next));
    }
  }

  /** Begins the life of a new instance; its future says when it is launched. */
  void begin(Supervised instance) {
    launches.accept(this, instance);
  }

  /** Tells an instance something soon. */
  void tell(Supervised instance, Observation seen) {
    tell(instance, seen, () -> {});
  }

  /**
   * Tells an instance something soon.
   *
   * @param then is run after it, in the same turn
   */
  void tell(Supervised instance, Observation seen, Runnable then) {
    soon(
        instance,
        "observe",
        () -> {
          observe(instance, seen);
          then.run();
        });
  }

  /** Takes the end of one process of an instance soon; see {@link #takeEnd}. */
  void endSeen(Supervised instance, ProcessIdentity process) {
    soon(instance, "take-end", () -> takeEnd(instance, process));
  }

  /**
   * Has the surroundings of a process restored soon, once: whoever finds them broken asks again.
   */
  void surroundingsBroken(Supervised instance, Step restore) {
    instance
        .turns()
        .run(workers.steps(), () -> workers.attempt(duty(RESTORE, instance), restore::run));
  }

  /** The surroundings of a running process are whole. */
  void surroundingsWhole(Supervised instance) {
    workers.over(duty(RESTORE, instance));
  }

  /** Tells an instance something, and does what it makes of it; called in its turn. */
  void observe(Supervised instance, Observation seen) {
    Life before = instance.life();
    Next next = Life.next(before, seen, instance.rules());
    instance.becomes(next.life());
    notes.lives(instance, before);
    if (!(next.life() instanceof Alive.Running)) {
      workers.over(duty(RESTORE, instance));
    }
    // First: whatever fails below, this comes.
    next.wake()
        .ifPresent(wake -> workers.later(wake.after(), () -> tell(instance, wake.observation())));
    next.actions().forEach(action -> attempt(instance, action));
  }

  private void attempt(Supervised instance, Action action) {
    Life decided = instance.life();
    try {
      act(instance, action);
    } catch (Throwable failed) { // the other actions are done all the same
      Step again =
          () -> {
            if (stillApplies(decided, instance.life())) {
              act(instance, action);
            }
          };
      tryAgain(new Try(instance, action.name().toLowerCase(Locale.ROOT), again, 1), failed);
    }
  }

  private static boolean stillApplies(Life decided, Life now) {
    return decided.state() == now.state() && decided.process().equals(now.process());
  }

  private void act(Supervised instance, Action action) throws IOException {
    switch (action) {
      case RECORD -> effects.record(instance);
      case PUBLISH -> effects.publish(instance);
      case LAUNCH -> launches.add(this, instance);
      case BEGIN -> effects.begin(instance);
      case WATCH_DISK -> effects.watchDisk(instance);
      case CHECK -> checks.begin(this, instance);
      case TAKE_END -> soon(instance, "take-end", () -> takeEnd(instance));
      case TELL_OUT_OF_MEMORY -> effects.tellOutOfMemory(instance);
      case FREE -> effects.free(instance);
      case SIGNAL -> effects.signal(instance);
      case KILL -> effects.kill(instance);
      case REMOVE -> effects.remove(instance);
    }
  }

  /** A monitor has written how a process ended; perhaps this instance's. */
  void exitTold(Supervised instance) {
    soon(
        instance,
        "take-end",
        () -> {
          if (ends.isTold(instance)) {
            takeEnd(instance);
          }
        });
  }

  /** Handles the end of an instance's process if it has ended; called in its turn. */
  private void takeEnd(Supervised instance) throws IOException {
    if (instance.life().process().filter(process -> !process.isAlive()).isEmpty()) {
      return;
    }
    Exit exit = ends.of(instance);
    LOG.atInfo()
        .addKeyValue("app", instance.name().app())
        .addKeyValue("instance", instance.container())
        .addKeyValue("exit", exit.getDetail())
        .log("instance ended");
    notes.processEnded(instance);
    observe(instance, new Observation.Ended(exit));
  }

  /** The same for one process of it: its successor's end is another matter. */
  private void takeEnd(Supervised instance, ProcessIdentity process) throws IOException {
    if (instance.life().process().filter(process::equals).isPresent()) {
      takeEnd(instance);
    }
  }
}
