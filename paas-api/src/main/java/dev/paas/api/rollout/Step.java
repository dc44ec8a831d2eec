package dev.paas.api.rollout;

import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.InstanceName;

/** One idempotent act of a plan; carrying it out takes no further decision. */
sealed interface Step {

  /** Have the runtime start it. */
  record Start(InstanceName instance) implements Step {}

  /** Have the runtime stop and remove it. */
  record Stop(InstanceName instance) implements Step {}

  /** Record the deployment's next state. */
  record Enter(DeploymentState state) implements Step {}

  /**
   * Record that the deployment's goal is what serves from now on, and enter {@link
   * DeploymentState.Switching}, in one commit.
   */
  record Switch(ReleaseVersion release) implements Step {}
}
