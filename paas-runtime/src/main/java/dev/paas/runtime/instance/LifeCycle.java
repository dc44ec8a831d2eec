package dev.paas.runtime.instance;

import dev.paas.base.time.Backoff;
import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.instance.life.Action;
import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.Next;
import dev.paas.runtime.instance.life.Observation;
import dev.paas.runtime.linux.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes instances from one state to the next: what is observed of one is told to its {@link Life},
 * and what that decides is done. All of it in the instance's turn. Whatever fails is tried again:
 * an instance is never left without anybody who looks after it.
 */
final class LifeCycle {

  private static final Logger LOG = LoggerFactory.getLogger(LifeCycle.class);

  /** Before a step that failed is done again. */
  private static final Backoff RETRIES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

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

  /** Does a step in the instance's turn. */
  void soon(Supervised instance, Step step) {
    soon(instance, step, 0);
  }

  private void soon(Supervised instance, Step step, int failures) {
    instance.turns().run(workers.steps(), () -> now(instance, step, failures));
  }

  /** Does a step, in whose turn this is; one that fails is done again until nothing is left. */
  void now(Supervised instance, Step step) {
    now(instance, step, 0);
  }

  private void now(Supervised instance, Step step, int failures) {
    try {
      step.run();
    } catch (Throwable failed) { // or nobody would look after the instance any more
      tryAgain(instance, "step", failed, step, failures + 1);
    }
  }

  /**
   * @param failures of this step in a row
   */
  private void tryAgain(
      Supervised instance, String what, Throwable failed, Step step, int failures) {
    LOG.atError()
        .addKeyValue("instance", instance.container())
        .addKeyValue("step", what)
        .addKeyValue("failures", failures)
        .setCause(failed)
        .log("instance's step failed, will be tried again");
    if (!(instance.life() instanceof Life.Gone)) {
      workers.later(RETRIES.after(failures), () -> soon(instance, step, failures));
    }
  }

  /** Begins the life of a new instance; its future says when it is launched. */
  void begin(Supervised instance) {
    launches.accept(this, instance);
  }

  /** Tells an instance something soon. */
  void tell(Supervised instance, Observation seen) {
    soon(instance, () -> observe(instance, seen));
  }

  /** Tells an instance something, and does what it makes of it; called in its turn. */
  void observe(Supervised instance, Observation seen) {
    Next next = Life.next(instance.life(), seen, instance.rules());
    instance.becomes(next.life());
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
      tryAgain(
          instance,
          action.name(),
          failed,
          () -> {
            if (stillApplies(decided, instance.life())) {
              act(instance, action);
            }
          },
          1);
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
      case TAKE_END -> soon(instance, () -> takeEnd(instance));
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
        () -> {
          if (ends.isTold(instance)) {
            takeEnd(instance);
          }
        });
  }

  /** Handles the end of an instance's process if it has ended; called in its turn. */
  void takeEnd(Supervised instance) throws IOException {
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
  void takeEnd(Supervised instance, ProcessIdentity process) throws IOException {
    if (instance.life().process().filter(process::equals).isPresent()) {
      takeEnd(instance);
    }
  }
}
