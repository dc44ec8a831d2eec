package dev.paas.api.rollout;

import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.InstanceName;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * All that the plan for one app depends on.
 *
 * @param serving what is committed to serve; nothing before the first release
 * @param rollout the deployment that this plan is for
 * @param beside instances that another deployment in progress has asked for: not this plan's to
 *     start or stop
 * @param inventory the complete list of the app's instances; a plan on a partial list would kill
 * @param released true when the router has acknowledged a table without the instance and it carries
 *     no request any more
 * @param acknowledged the router has applied the newest table
 * @param rested an instance that failed for good may be replaced now
 */
record RolloutInput(
    Optional<DesiredInstances> serving,
    Optional<Rollout> rollout,
    SortedSet<InstanceName> beside,
    SortedMap<InstanceName, Instance> inventory,
    Predicate<InstanceName> released,
    boolean acknowledged,
    Predicate<InstanceName> rested) {

  RolloutInput {
    beside = Collections.unmodifiableSortedSet(new TreeSet<>(beside));
    inventory = Collections.unmodifiableSortedMap(new TreeMap<>(inventory));
  }

  /**
   * A deployment in progress.
   *
   * @param waited for how long an instance of it has been waited for
   * @param bootTimeout how long one may take to listen
   * @param port what the web process is told
   */
  record Rollout(
      DeploymentState state,
      DesiredInstances goal,
      Function<InstanceName, Duration> waited,
      Duration bootTimeout,
      int port) {}
}
