package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.Lane;
import dev.paas.api.deploy.WaitReasons;
import dev.paas.api.route.Backend;
import dev.paas.api.route.Routes;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which instances of an app get requests, and what its deployment waits for because of them. */
@ApplicationScoped
class AppTraffic {

  private final Routes routes;
  private final WaitReasons waiting;

  /** Apps with instances that nobody wants any more and that are not gone yet. */
  private final Set<AppName> leaving = ConcurrentHashMap.newKeySet();

  AppTraffic(Routes routes, WaitReasons waiting) {
    this.routes = routes;
    this.waiting = waiting;
  }

  /** Requests go to these from now on. */
  void serve(AppName app, RolloutPlan plan, SortedMap<InstanceName, Instance> known) {
    List<Backend> backends = new ArrayList<>();
    for (InstanceName name : plan.backends()) {
      Instance instance = known.get(name);
      if (instance != null && instance.isRoutable()) {
        backends.add(
            new Backend(name.toString(), name.label(), instance.address(), instance.port()));
      }
    }
    routes.serve(app, backends);
  }

  /** The router has let go of it. */
  boolean released(InstanceName instance) {
    return routes.released(instance.toString());
  }

  /** The router has applied the newest table. */
  boolean acknowledged() {
    return routes.acknowledged();
  }

  /**
   * Tells people what deployments wait for; true when nothing is leaving any more.
   *
   * @param active the one that the plan is for; those that drain, of lanes without an active one,
   *     wait for what is leaving
   */
  boolean settle(Turn turn, AppName app, Optional<Deployment> active, RolloutPlan plan) {
    for (Lane lane : Lane.values()) {
      if (active.filter(deployment -> deployment.lane() == lane).isPresent()) {
        waiting.waitsFor(app, lane, reason(plan.waitingFor()));
      } else if (turn.active(lane).isEmpty()) {
        waiting.waitsFor(app, lane, reason(plan.draining()));
      }
    }
    if (plan.leaving().isEmpty()) {
      leaving.remove(app);
      return true;
    }
    leaving.add(app);
    return false;
  }

  /** The router's own trouble explains a wait for it better than the plan can. */
  private @Nullable String reason(Optional<Wait> waitingFor) {
    return waitingFor
        .map(wait -> wait.onRouter() ? routes.trouble().orElseGet(wait::text) : wait.text())
        .orElse(null);
  }

  /**
   * Nothing can be planned without the runtime.
   *
   * @param matters somebody waits for it
   */
  void waitsForRuntime(AppName app, boolean matters) {
    for (Lane lane : Lane.values()) {
      waiting.waitsFor(app, lane, matters ? new Wait.RuntimeAway().text() : null);
    }
  }

  /** Apps that wait for the router to let go of an instance. */
  Set<AppName> leaving() {
    return Set.copyOf(leaving);
  }

  /** The app is destroyed. */
  void forget(AppName app) {
    leaving.remove(app);
  }

  /** It was destroyed while requests were being sent to it again. */
  void remove(AppName app) {
    forget(app);
    routes.remove(app);
  }
}
