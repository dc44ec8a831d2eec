package dev.paas.api.rollout;

import dev.paas.api.app.Apps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Makes one plan, has it carried out, and says what is to come after it. */
@ApplicationScoped
class PlanRunner {

  private final Apps apps;
  private final RolloutTurns turns;
  private final RolloutInputs inputs;
  private final RolloutActs acts;
  private final AppTraffic traffic;
  private final RolloutClock clock;

  PlanRunner(
      Apps apps,
      RolloutTurns turns,
      RolloutInputs inputs,
      RolloutActs acts,
      AppTraffic traffic,
      RolloutClock clock) {
    this.apps = apps;
    this.turns = turns;
    this.inputs = inputs;
    this.acts = acts;
    this.traffic = traffic;
    this.clock = clock;
  }

  /**
   * What came of one plan, or of several.
   *
   * @param next when to look again
   * @param settled nothing is leaving
   * @param last what comes after it needs another look at everything
   */
  record Outcome(Requeue next, boolean settled, boolean last) {

    /** What there is to say before the first plan. */
    static final Outcome NOTHING = new Outcome(Requeue.done(), true, false);

    static Outcome last(Requeue next) {
      return new Outcome(next, false, true);
    }

    Outcome and(Outcome other) {
      return new Outcome(sooner(next, other.next), settled && other.settled, false);
    }

    private static Requeue sooner(Requeue a, Requeue b) {
      if (a instanceof Requeue.After one && b instanceof Requeue.After two) {
        return one.delay().compareTo(two.delay()) <= 0 ? a : b;
      }
      return a instanceof Requeue.Done ? b : a;
    }
  }

  /**
   * Plans for one active deployment, or without one for what serves.
   *
   * @throws ServingFailedException when what serves can't be started
   */
  Outcome run(AppName app, Turn turn, Optional<Deployment> active) {
    turns.planned(app, active);
    Optional<Requeue> wait = active.flatMap(turns::wait);
    if (wait.isPresent()) {
      return new Outcome(wait.get(), false, wait.get().equals(Requeue.again()));
    }
    Optional<RolloutInput> now = inputs.of(app, active, turn.beside(active));
    if (now.isEmpty()) {
      traffic.waitsForRuntime(app, !turn.open().isEmpty());
      turn.active().forEach(turns::lost);
      return Outcome.last(Requeue.done());
    }
    try {
      active.ifPresent(turns::goesOn);
      return proceed(app, turn, active, now.get());
    } catch (PaasException failed) {
      if (!Outage.ofRuntime(failed)) {
        throw failed;
      }
      traffic.waitsForRuntime(app, true);
      turn.active().forEach(turns::lost);
      return Outcome.last(Requeue.backoff());
    }
  }

  private Outcome proceed(AppName app, Turn turn, Optional<Deployment> active, RolloutInput now) {
    RolloutPlan plan = RolloutPlanner.of(now);
    boolean changed = acts.act(app, active, plan, now.inventory());
    if (apps.find(app).isEmpty()) {
      traffic.remove(app); // destroyed meanwhile
      return Outcome.last(Requeue.done());
    }
    boolean settled = traffic.settle(turn, app, active, plan);
    if (changed) {
      return new Outcome(Requeue.again(), settled, true);
    }
    active.ifPresent(turns::rests);
    return new Outcome(clock.next(active, plan, now.inventory()), settled, false);
  }
}
