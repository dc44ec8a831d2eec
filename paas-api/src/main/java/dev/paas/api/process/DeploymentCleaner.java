package dev.paas.api.process;

import dev.paas.api.app.AppCleaner;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.formation.Formations;
import dev.paas.api.release.Releases;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;

/** Forgets what an app was to run, once nothing of it runs: {@link InstanceCleaner} reads it. */
@ApplicationScoped
class DeploymentCleaner implements AppCleaner {

  private final Deployments deployments;
  private final Formations formations;
  private final Releases releases;

  DeploymentCleaner(Deployments deployments, Formations formations, Releases releases) {
    this.deployments = deployments;
    this.formations = formations;
    this.releases = releases;
  }

  @Override
  public int order() {
    return 11;
  }

  @Override
  public void clean(AppName app) {
    deployments.delete(app);
    formations.delete(app);
    releases.delete(app);
  }
}
