package dev.paas.api.rollback;

import dev.paas.api.config.ConfigVars;
import dev.paas.api.deploy.DeploymentMoved;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Makes the app's config vars those of the release that a rollback goes back to, in the commit in
 * which it comes to serve. One that fails has changed nothing.
 */
@ApplicationScoped
class RestoredConfig {

  private final ConfigVars config;
  private final Releases releases;

  RestoredConfig(ConfigVars config, Releases releases) {
    this.config = config;
    this.releases = releases;
  }

  void moved(@Observes DeploymentMoved moved) {
    if (moved.state() instanceof DeploymentState.Switching
        && moved.deployment().request() instanceof DeploymentRequest.Rollback rollback
        && rollback.restoresConfig()) {
      Release old = releases.get(moved.deployment().app(), new ReleaseVersion(rollback.to()));
      config.restore(
          old.app(), old.configVersion(), rollback.configBefore(), moved.deployment().user());
    }
  }
}
