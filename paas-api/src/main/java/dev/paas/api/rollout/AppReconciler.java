package dev.paas.api.rollout;

import dev.paas.api.app.Apps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings one app's instances to what is committed, and its deployments to their end. Reads what is
 * wanted and what is, asks {@link RolloutPlanner}, and does what it says; it may be killed between
 * any two lines and goes on from the rows and the inventory. Of a scale and a release in progress
 * each gets its own plan, the scale's first.
 */
@ApplicationScoped
class AppReconciler {

  private final Apps apps;
  private final RolloutTurns turns;
  private final PlanRunner plans;
  private final RolloutStates states;
  private final AppTraffic traffic;
  private final RolloutClock clock;

  AppReconciler(
      Apps apps,
      RolloutTurns turns,
      PlanRunner plans,
      RolloutStates states,
      AppTraffic traffic,
      RolloutClock clock) {
    this.apps = apps;
    this.turns = turns;
    this.plans = plans;
    this.states = states;
    this.traffic = traffic;
    this.clock = clock;
  }

  Requeue reconcile(AppName app) {
    if (apps.find(app).isEmpty()) {
      clock.forget(app);
      traffic.forget(app);
      turns.forget(app);
      return Requeue.done();
    }
    Turn turn = turns.of(app);
    PlanRunner.Outcome all = PlanRunner.Outcome.NOTHING;
    @Nullable ServingFailedException unserved = null;
    for (Optional<Deployment> active : turn.passes()) {
      PlanRunner.Outcome pass;
      try {
        pass = plans.run(app, turn, active);
      } catch (ServingFailedException failed) {
        // What serves can't be started: the release beside the scale may be what repairs it.
        unserved = failed;
        continue;
      }
      if (pass.last()) {
        // A deployment that serves ends here as well: an instance that keeps crashing is a change.
        // With two plans this one does not say that nothing is leaving.
        if (pass.settled() && turn.active().size() <= 1) {
          states.finish(turn.open());
        }
        return pass.next();
      }
      all = all.and(pass);
    }
    if (unserved != null) {
      throw unserved;
    }
    return all.settled() && states.finish(turn.open()) ? Requeue.again() : all.next();
  }

  /** Apps for which something of another daemon may be what they wait for. */
  Set<AppName> waiting() {
    Set<AppName> waiting = new HashSet<>(turns.open());
    waiting.addAll(traffic.leaving());
    return waiting;
  }
}
