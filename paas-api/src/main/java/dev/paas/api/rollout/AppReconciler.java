package dev.paas.api.rollout;

import dev.paas.api.app.Apps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.Lane;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final RolloutInputs inputs;
  private final RolloutActs acts;
  private final RolloutStates states;
  private final AppTraffic traffic;
  private final RolloutClock clock;

  /** Whose turn it is at this moment, or was when a step failed. */
  private final ConcurrentHashMap<AppName, Lane> planned = new ConcurrentHashMap<>();

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
      planned.remove(app);
      return Requeue.done();
    }
    Turn turn = turns.of(app);
    Pass all = new Pass(Requeue.done(), true, false);
    @Nullable ServingFailedException unserved = null;
    for (Optional<Deployment> active : turn.passes()) {
      Pass pass;
      try {
        pass = pass(app, turn, active);
      } catch (ServingFailedException failed) {
        // What serves can't be started: the release beside the scale may be what repairs it.
        unserved = failed;
        continue;
      }
      if (pass.last()) {
        return pass.next();
      }
      all = all.and(pass);
    }
    if (unserved != null) {
      throw unserved;
    }
    return all.settled() && states.finish(turn.open()) ? Requeue.again() : all.next();
  }

  /**
   * What came of one plan.
   *
   * @param next when to look again
   * @param settled nothing is leaving
   * @param last what comes after it needs another look at everything
   */
  private record Pass(Requeue next, boolean settled, boolean last) {

    static Pass last(Requeue next) {
      return new Pass(next, false, true);
    }

    Pass and(Pass other) {
      return new Pass(sooner(next, other.next), settled && other.settled, false);
    }

    private static Requeue sooner(Requeue a, Requeue b) {
      if (a instanceof Requeue.After one && b instanceof Requeue.After two) {
        return one.delay().compareTo(two.delay()) <= 0 ? a : b;
      }
      return a instanceof Requeue.Done ? b : a;
    }
  }

  private Pass pass(AppName app, Turn turn, Optional<Deployment> active) {
    active.ifPresentOrElse(
        deployment -> planned.put(app, deployment.lane()), () -> planned.remove(app));
    Optional<Requeue> wait = active.flatMap(turns::wait);
    if (wait.isPresent()) {
      return new Pass(wait.get(), false, wait.get().equals(Requeue.again()));
    }
    Optional<RolloutInput> now = inputs.of(app, active, turn.beside(active));
    if (now.isEmpty()) {
      traffic.waitsForRuntime(app, !turn.open().isEmpty());
      turn.active().forEach(turns::lost);
      return Pass.last(Requeue.done());
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
      return Pass.last(Requeue.backoff());
    }
  }

  private Pass proceed(AppName app, Turn turn, Optional<Deployment> active, RolloutInput now) {
    RolloutPlan plan = RolloutPlanner.of(now);
    boolean changed = acts.act(app, active, plan, now.inventory());
    if (apps.find(app).isEmpty()) {
      traffic.remove(app); // destroyed meanwhile
      return Pass.last(Requeue.done());
    }
    boolean settled = traffic.settle(turn, app, active, plan);
    if (changed) {
      // A deployment that serves ends here as well: an instance that keeps crashing is a change.
      // With two plans this one does not say that nothing is leaving.
      if (settled && turn.active().size() <= 1) {
        states.finish(turn.open());
      }
      return Pass.last(Requeue.again());
    }
    active.ifPresent(turns::rests);
    return new Pass(clock.next(active, plan, now.inventory()), settled, false);
  }

  /** Apps that wait for the router to let go of an instance. */
  Set<AppName> leaving() {
    return traffic.leaving();
  }

  /**
   * Ends the app's deployment, whose step failed again and again for a reason that nobody expected:
   * first its new instances are taken away, and if that fails as well it is over at once. What the
   * app is to run afterwards stays a duty without an end. One in the other lane goes on.
   */
  boolean end(AppName app, Throwable cause) {
    Optional<Deployment> open =
        cause instanceof ServingFailedException ? Optional.empty() : failing(app, turns.of(app));
    open.ifPresent(states::internal);
    return open.isPresent();
  }

  private Optional<Deployment> failing(AppName app, Turn turn) {
    return Optional.ofNullable(planned.get(app))
        .flatMap(turn::active)
        .or(() -> turn.open().stream().filter(open -> open.state().serves()).findFirst());
  }

  /** A deployment that was alone at too many deaths. */
  void poisoned(Deployment deployment) {
    states.poisoned(deployment);
  }
}
