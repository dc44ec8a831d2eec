package dev.paas.api.rollout;

import dev.paas.api.app.Apps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;

/**
 * Brings one app's instances to what is committed, and its deployments to their end. Reads what is
 * wanted and what is, asks {@link RolloutPlanner}, and does what it says; it may be killed between
 * any two lines and goes on from the rows and the inventory.
 */
@ApplicationScoped
class AppReconciler {

  private final Apps apps;
  private final RolloutTurns turns;
  private final RolloutInputs inputs;
  private final RolloutActs acts;
  private final RolloutStates states;
  private final AppTraffic traffic;
  private final RolloutClock clock;

  AppReconciler(
      Apps apps,
      RolloutTurns turns,
      RolloutInputs inputs,
      RolloutActs acts,
      RolloutStates states,
      AppTraffic traffic,
      RolloutClock clock) {
    this.apps = apps;
    this.turns = turns;
    this.inputs = inputs;
    this.acts = acts;
    this.states = states;
    this.traffic = traffic;
    this.clock = clock;
  }

  Requeue reconcile(AppName app) {
    if (apps.find(app).isEmpty()) {
      clock.forget(app);
      traffic.forget(app);
      return Requeue.done();
    }
    Turn turn = turns.of(app);
    Optional<Requeue> wait = turns.wait(turn);
    if (wait.isPresent()) {
      return wait.get();
    }
    Optional<RolloutInput> now = inputs.of(app, turn.active());
    if (now.isEmpty()) {
      traffic.waitsForRuntime(app, !turn.open().isEmpty());
      turns.lost(turn);
      return Requeue.done();
    }
    try {
      turns.goesOn(turn);
      return proceed(app, turn, now.get());
    } catch (PaasException failed) {
      if (!Outage.ofRuntime(failed)) {
        throw failed;
      }
      traffic.waitsForRuntime(app, true);
      turns.lost(turn);
      return Requeue.backoff();
    }
  }

  private Requeue proceed(AppName app, Turn turn, RolloutInput now) {
    RolloutPlan plan = RolloutPlanner.of(now);
    boolean changed = acts.act(app, turn.active(), plan, now.inventory());
    if (apps.find(app).isEmpty()) {
      traffic.remove(app); // destroyed meanwhile
      return Requeue.done();
    }
    if (traffic.settle(app, plan)) {
      changed |= states.finish(turn.open());
    }
    if (changed) {
      return Requeue.again();
    }
    turns.rests(turn);
    return clock.next(turn.active(), plan, now.inventory());
  }

  /** Apps that wait for the router to let go of an instance. */
  Set<AppName> leaving() {
    return traffic.leaving();
  }

  /**
   * Ends the app's deployment, whose step failed again and again for a reason that nobody expected:
   * first its new instances are taken away, and if that fails as well it is over at once. What the
   * app is to run afterwards stays a duty without an end.
   */
  boolean end(AppName app, Throwable cause) {
    Optional<Deployment> open =
        cause instanceof ServingFailedException
            ? Optional.empty()
            : turns.of(app).open().stream().findFirst();
    open.ifPresent(states::internal);
    return open.isPresent();
  }

  /** A deployment that was alone at too many deaths. */
  void poisoned(Deployment deployment) {
    states.poisoned(deployment);
  }
}
