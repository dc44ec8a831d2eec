package dev.paas.api.rollout;

import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.InstanceName;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All that the plan for one app depends on.
 *
 * @param serving what is committed to serve; nothing before the first release
 * @param rollout the deployment in progress
 * @param inventory the complete list of the app's instances; a plan on a partial list would kill
 * @param released true when the router has acknowledged a table without the instance and it carries
 *     no request any more
 * @param acknowledged the router has applied the newest table
 * @param rested an instance that failed for good may be replaced now
 */
record RolloutInput(
    Optional<DesiredInstances> serving,
    Optional<Rollout> rollout,
    SortedMap<InstanceName, Instance> inventory,
    Predicate<InstanceName> released,
    boolean acknowledged,
    Predicate<InstanceName> rested) {

  RolloutInput {
    inventory = Collections.unmodifiableSortedMap(new TreeMap<>(inventory));
  }

  /**
   * A deployment in progress.
   *
   * @param waited since its instances were asked for
   * @param bootTimeout how long they may take to listen
   * @param port what the web process is told
   */
  record Rollout(
      DeploymentState state,
      DesiredInstances goal,
      Duration waited,
      Duration bootTimeout,
      int port) {}
}
