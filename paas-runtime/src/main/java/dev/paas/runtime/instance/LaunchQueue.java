package dev.paas.runtime.instance;

import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.Observation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The launches of this host, a few at once and the others in the order in which they were asked
 * for. An instance is recorded before its launch waits here: a daemon that is killed meanwhile
 * leaves it to the next. One that is stopped while it waits is never launched.
 */
final class LaunchQueue {

  private static final Logger LOG = LoggerFactory.getLogger(LaunchQueue.class);

  private final Workers workers;
  private final Launch launch;
  private final Ends ends;
  private final Ledger ledger;

  LaunchQueue(Workers workers, Launch launch, Ends ends, Ledger ledger) {
    this.workers = workers;
    this.launch = launch;
    this.ends = ends;
    this.ledger = ledger;
  }

  /** Records a new instance, and has it launched when its turn has come. */
  void accept(LifeCycle cycle, Supervised instance) {
    instance
        .turns()
        .runHere(
            workers.steps(),
            () -> cycle.now(instance, "accept", () -> acceptInTurn(cycle, instance)));
  }

  private void acceptInTurn(LifeCycle cycle, Supervised instance) {
    if (wasStopped(instance)) {
      return;
    }
    try {
      ledger.begin(instance);
    } catch (Throwable failed) { // whoever asked waits for an answer
      failed(cycle, instance, failed);
      return;
    }
    add(cycle, instance);
  }

  /** Has an instance launched when its turn has come. */
  void add(LifeCycle cycle, Supervised instance) {
    workers
        .launches()
        .execute(
            () ->
                instance
                    .turns()
                    .runHere(
                        workers.launches(),
                        () -> cycle.now(instance, "launch", () -> launch(cycle, instance))));
  }

  private void launch(LifeCycle cycle, Supervised instance) {
    if (wasStopped(instance)) {
      return;
    }
    Observation.Launched launched;
    try {
      launched = launch.of(instance);
    } catch (Throwable failed) { // an error, too: it must not stay a launch for ever
      failed(cycle, instance, failed);
      return;
    }
    try {
      cycle.observe(instance, launched);
      LOG.atInfo()
          .addKeyValue("app", instance.name().app())
          .addKeyValue("instance", instance.container())
          .addKeyValue("pid", launched.process().pid())
          .addKeyValue("address", instance.view().getAddress())
          .log("instance started");
    } finally {
      instance.started().complete(instance.view());
    }
  }

  private static boolean wasStopped(Supervised instance) {
    if (instance.life().awaitsLaunch()) {
      return false;
    }
    instance.started().complete(instance.view());
    return true;
  }

  private void failed(LifeCycle cycle, Supervised instance, Throwable failed) {
    if (workers.areClosed()) {
      instance.started().completeExceptionally(failed);
      return;
    }
    if (!(instance.life() instanceof Life.Accepted)) {
      LOG.atWarn()
          .addKeyValue("instance", instance.container())
          .setCause(failed)
          .log("restart failed");
    }
    cycle.now(
        instance,
        "observe",
        () -> cycle.observe(instance, new Observation.LaunchFailed(ends.ofLaunch(failed))));
    instance.started().completeExceptionally(failed);
  }
}
