package dev.paas.api.deploy;

import dev.paas.api.build.BuildId;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.Formation;
import dev.paas.api.formation.Formations;
import dev.paas.api.identity.User;
import dev.paas.api.release.NewReleases;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseDraft;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request whose turn has come into a release and a goal, in one commit: after a crash it is
 * either still a request or has both.
 */
@ApplicationScoped
public class DeploymentStarter {

  private final Store store;
  private final Formations formations;
  private final Deployments deployments;
  private final Releases releases;
  private final NewReleases newReleases;
  private final WantedInstances instances;

  DeploymentStarter(
      Store store,
      Formations formations,
      Deployments deployments,
      Releases releases,
      NewReleases newReleases,
      WantedInstances instances) {
    this.store = store;
    this.formations = formations;
    this.deployments = deployments;
    this.releases = releases;
    this.newReleases = newReleases;
    this.instances = instances;
  }

  /**
   * Records a request and begins it when nothing is before it.
   *
   * @param decision makes the request or refuses it; runs in the commit, once that holds the app,
   *     so that what it has looked at is still so when the request begins
   */
  Deployment ask(AppName app, Supplier<DeploymentRequest> decision, User user) {
    return store.commit(
        () -> {
          deployments.hold(app);
          Deployment asked = deployments.request(app, decision.get(), user.name());
          begin(asked);
          return deployments.get(app, asked.id());
        });
  }

  /** Whether a release of the app has been made and may yet serve. */
  boolean isComing(AppName app) {
    return deployments.isComing(app);
  }

  /** Afterwards the deployment has a goal or has ended, if its turn has come. */
  public void begin(Deployment deployment) {
    store.write(
        () -> {
          // Another that is asked for or begun meanwhile comes after this commit.
          deployments.hold(deployment.app());
          if (!deployments.isNext(deployment)) {
            return;
          }
          try {
            decide(deployment);
          } catch (PaasException refused) {
            // Of what is refused there is no release: the quota is asked before one is made.
            fail(deployment, refused.problem());
          }
        });
  }

  private void decide(Deployment deployment) {
    Formation formation = formations.of(deployment.app());
    if (deployment.request() instanceof DeploymentRequest.Deploy deploy) {
      BuildId build = new BuildId(deployment.app(), deploy.build());
      release(deployment, formation, newReleases.of(build));
    } else if (deployment.request() instanceof DeploymentRequest.Image image) {
      release(
          deployment,
          formation,
          newReleases
              .of(deployment.app(), image.digest(), image.command(), image.port())
              .named("Deploy image " + image.name()));
    } else if (deployment.request() instanceof DeploymentRequest.Scale scale) {
      scale(deployment, formation, scale.quantities());
    } else if (formation.target().isEmpty()) {
      fail(
          deployment,
          Problem.of(
              Kind.IMPOSSIBLE,
              "release.none",
              "No release of the app has served yet",
              "Push a version that starts: git push."));
    } else {
      later(deployment, formation, formation.target().get());
    }
  }

  private void scale(
      Deployment deployment, Formation formation, SortedMap<ProcessType, Integer> quantities) {
    deployments
        .growing(deployment.app(), quantities)
        .ifPresent(coming -> instances.require(deployment.app(), coming.formation()));
    if (formation.target().isPresent()) {
      DesiredInstances goal = formation.target().get().scaled(quantities);
      instances.require(deployment.app(), goal.formation());
      deployments.begin(deployment, goal);
    } else {
      formations.save(formation.with(quantities));
      deployments.scaleComing(deployment.app(), quantities);
      deployments.enter(deployment, new DeploymentState.Done());
    }
  }

  private void later(Deployment deployment, Formation formation, DesiredInstances target) {
    if (deployment.request() instanceof DeploymentRequest.Restart restart) {
      @Nullable String process = restart.process();
      deployments.begin(
          deployment,
          target.replaced(
              process == null ? null : new ProcessType(process),
              deployments.highestGeneration(deployment.app(), formation.generation()) + 1));
    } else if (deployment.request() instanceof DeploymentRequest.Config) {
      // A rollback that came to serve since may have made a newer version than was asked for.
      Release serving = releases.get(deployment.app(), target.release());
      release(deployment, formation, newReleases.configured(serving));
    } else if (deployment.request() instanceof DeploymentRequest.Rollback rollback) {
      ReleaseVersion to = new ReleaseVersion(rollback.to());
      Release old = releases.get(deployment.app(), to);
      int version =
          rollback.keepConfig() ? newReleases.newestConfig(deployment.app()) : old.configVersion();
      release(deployment, formation, ReleaseDraft.again(old, version, "Rollback to " + to));
    } else {
      throw new IllegalStateException(deployment.request().kind());
    }
  }

  /** Asks the quota also for the scale beside it, which the release is going to have as well. */
  private void release(Deployment deployment, Formation formation, ReleaseDraft draft) {
    SortedMap<ProcessType, Integer> quantities =
        deployments.withScale(deployment.app(), formation.quantities());
    instances.require(deployment.app(), DesiredInstances.quantities(draft.processes(), quantities));
    Release release = newReleases.create(deployment.app(), deployment.user(), draft);
    deployments.begin(deployment, DesiredInstances.of(release, formation.quantities()));
  }

  private void fail(Deployment deployment, Problem cause) {
    deployments.enter(deployment, new DeploymentState.Failed(cause));
  }
}
