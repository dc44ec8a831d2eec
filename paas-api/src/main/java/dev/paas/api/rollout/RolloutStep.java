package dev.paas.api.rollout;

import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.InstanceName;

/** One idempotent act of a plan; carrying it out takes no further decision. */
sealed interface RolloutStep {

  /** Have the runtime start it. */
  record Start(InstanceName instance) implements RolloutStep {}

  /** Have the runtime stop and remove it. */
  record Stop(InstanceName instance) implements RolloutStep {}

  /** Record the deployment's next state. */
  record Enter(DeploymentState state) implements RolloutStep {}

  /**
   * Record that the deployment's goal is what serves from now on, and enter {@link
   * DeploymentState.Switching}, in one commit.
   */
  record Switch(ReleaseVersion release) implements RolloutStep {}
}
