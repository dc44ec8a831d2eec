package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long and how often: what no row says, because it starts again with each life of paasd. Safe
 * for all threads.
 */
@ApplicationScoped
class RolloutClock {

  /** An instance that the runtime has given up is started again after this. */
  private static final Duration REST = Duration.ofSeconds(5);

  private static final Duration NEVER = Duration.ofDays(1);

  private final Ticker ticker;
  private final PlatformSettings.Deploy limits;

  /** When a deployment began to wait for each of its instances, by its id. */
  private final Map<Long, Map<InstanceName, Long>> checkedSince = new ConcurrentHashMap<>();

  /** How often the instances of a deployment could not be started, by its id. */
  private final Map<Long, Integer> failedStarts = new ConcurrentHashMap<>();

  /** When an instance was first seen to have ended for good. */
  private final Map<InstanceName, Long> endedSince = new ConcurrentHashMap<>();

  RolloutClock(Ticker ticker, PlatformSettings settings) {
    this.ticker = ticker;
    this.limits = settings.deploy();
  }

  /** For how long the deployment has waited for an instance to listen; counts from now on. */
  Duration waited(Deployment deployment, InstanceName instance) {
    return ticker.since(
        checkedSince
            .computeIfAbsent(deployment.id(), id -> new ConcurrentHashMap<>())
            .computeIfAbsent(instance, name -> ticker.nanos()));
  }

  /** The deployment's instances listen. */
  void switches(Deployment deployment) {
    checkedSince.remove(deployment.id());
  }

  /** Counts a start that failed; false when there were enough. */
  boolean mayStartAgain(Deployment deployment) {
    return failedStarts.merge(deployment.id(), 1, Integer::sum) < limits.startTries();
  }

  void over(Deployment deployment) {
    checkedSince.remove(deployment.id());
    failedStarts.remove(deployment.id());
  }

  /** Remembers since when instances are at their end. */
  void notice(SortedMap<InstanceName, Instance> known) {
    known.forEach(
        (name, instance) -> {
          if (instance.state() == Instance.State.EXITED) {
            endedSince.putIfAbsent(name, ticker.nanos());
          } else {
            endedSince.remove(name);
          }
        });
  }

  /** An instance that failed for good may be replaced now. */
  boolean rested(InstanceName instance) {
    Long since = endedSince.get(instance);
    return since != null && ticker.since(since).compareTo(REST) >= 0;
  }

  /** One of the same name that comes later has its own time. */
  void stopped(InstanceName instance) {
    endedSince.remove(instance);
    checkedSince.values().forEach(since -> since.remove(instance));
  }

  /** The app is destroyed. */
  void forget(AppName app) {
    endedSince.keySet().removeIf(instance -> instance.app().equals(app));
  }

  /** Nothing tells when time has passed; everything else comes as an event. */
  Requeue next(
      Optional<Deployment> active, RolloutPlan plan, SortedMap<InstanceName, Instance> known) {
    Duration soonest = NEVER;
    if (active.isPresent() && plan.waitingFor().orElse(null) instanceof Wait.Listening listening) {
      for (InstanceName instance : listening.instances()) {
        Instance there = known.get(instance);
        if (there != null && there.state() == Instance.State.STOPPING) {
          continue;
        }
        Duration left = limits.bootTimeout().minus(waited(active.get(), instance));
        soonest = shorter(soonest, left);
      }
    }
    if (!plan.leaving().isEmpty()) {
      // The router's own drain ends earlier; this is for one that never tells.
      soonest = shorter(soonest, limits.drainTimeout());
    }
    if (known.keySet().stream().anyMatch(endedSince::containsKey)) {
      soonest = shorter(soonest, REST);
    }
    if (soonest.compareTo(NEVER) >= 0) {
      return Requeue.done();
    }
    return Requeue.after(soonest.isNegative() ? Duration.ZERO : soonest.plusMillis(1));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
