package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Does what a plan says: requests, instances, states, in its order. */
@ApplicationScoped
class RolloutActs {

  private final InstanceExecutor instances;
  private final RolloutStates states;
  private final RolloutClock clock;
  private final RolloutVoice voice;
  private final AppTraffic traffic;
  private final Faults faults;

  RolloutActs(
      InstanceExecutor instances,
      RolloutStates states,
      RolloutClock clock,
      RolloutVoice voice,
      AppTraffic traffic,
      Faults faults) {
    this.instances = instances;
    this.states = states;
    this.clock = clock;
    this.voice = voice;
    this.traffic = traffic;
    this.faults = faults;
  }

  /**
   * Requests go to new instances only once it is committed that they serve.
   *
   * @return true when a state was recorded or something started, so that another plan follows
   */
  boolean act(
      AppName app,
      Optional<Deployment> active,
      RolloutPlan plan,
      SortedMap<InstanceName, Instance> known) {
    active.ifPresent(deployment -> voice.tellUnreachable(deployment, known));
    if (plan.switches()) {
      faults.reach(FaultPoint.RUN_HEALTHY);
      if (states.switchTo(active.orElseThrow())) {
        traffic.serve(app, plan, known);
        faults.reach(FaultPoint.ROUTE_PUBLISHED);
      }
      return true;
    }
    traffic.serve(app, plan, known);
    return steps(app, active, plan, known);
  }

  private boolean steps(
      AppName app,
      Optional<Deployment> active,
      RolloutPlan plan,
      SortedMap<InstanceName, Instance> known) {
    List<InstanceName> starts = new ArrayList<>();
    boolean changed = false;
    for (RolloutStep step : plan.steps()) {
      if (step instanceof RolloutStep.Start start) {
        starts.add(start.instance());
      } else if (step instanceof RolloutStep.Stop stop) {
        instances.stop(stop.instance());
        clock.stopped(stop.instance());
        faults.reach(FaultPoint.RUN_OLD_STOPPED);
      } else if (step instanceof RolloutStep.Enter enter) {
        states.enter(active.orElseThrow(), enter.state(), known);
        changed = true;
      }
    }
    boolean started = start(app, active, starts);
    return changed || started;
  }

  private boolean start(AppName app, Optional<Deployment> active, List<InstanceName> names) {
    if (names.isEmpty()) {
      return false;
    }
    faults.reach(FaultPoint.RUN_CREATED);
    Map<InstanceName, Problem> failed = instances.start(names);
    faults.reach(FaultPoint.RUN_STARTED);
    if (failed.isEmpty()) {
      return true;
    }
    Set<InstanceName> serving = states.serving(app);
    Optional<Problem> fresh =
        failed.keySet().stream()
            .filter(name -> active.isPresent() && !serving.contains(name))
            .findFirst()
            .map(failed::get);
    if (fresh.isPresent() && !mayPass(active.get(), fresh.get())) {
      states.enter(active.get(), new DeploymentState.Failing(fresh.get()), new TreeMap<>());
      return true;
    }
    Problem cause = fresh.orElseGet(() -> failed.values().iterator().next());
    if (Outage.is(cause)) {
      throw cause.asException();
    }
    // Counted above for new instances; those that serve are wanted whatever becomes of this.
    throw new ServingFailedException(cause);
  }

  private boolean mayPass(Deployment deployment, Problem cause) {
    return switch (Retry.of(cause.kind())) {
      case UNTIL_BACK -> true;
      case A_FEW_TIMES -> clock.mayStartAgain(deployment);
      case NEVER -> false;
    };
  }
}
