package dev.paas.api.deploy;

import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.config.ConfigVars;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.Formation;
import dev.paas.api.formation.Formations;
import dev.paas.api.release.ProcessSpec;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.store.Store;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request whose turn has come into a release and a goal, in one commit: after a crash it is
 * either still a request or has both.
 */
@ApplicationScoped
public class DeploymentStarter {

  private static final int SHORT_COMMIT = 7;

  private final Store store;
  private final Formations formations;
  private final Deployments deployments;
  private final Releases releases;
  private final Builds builds;
  private final ConfigVars config;
  private final WantedInstances instances;
  private final Clock clock;

  DeploymentStarter(
      Store store,
      Formations formations,
      Deployments deployments,
      Releases releases,
      Builds builds,
      ConfigVars config,
      WantedInstances instances,
      Clock clock) {
    this.instances = instances;
    this.store = store;
    this.formations = formations;
    this.deployments = deployments;
    this.releases = releases;
    this.builds = builds;
    this.config = config;
    this.clock = clock;
  }

  /** Afterwards the deployment has a goal or has ended, if its turn has come. */
  public void begin(Deployment deployment) {
    store.write(
        () -> {
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
      deploy(deployment, formation, deploy);
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

  private void deploy(Deployment deployment, Formation formation, DeploymentRequest.Deploy deploy) {
    BuildId id = new BuildId(deployment.app(), deploy.build());
    Build build = builds.find(id).orElseThrow();
    BuildState.Succeeded built = (BuildState.Succeeded) build.state();
    SortedMap<ProcessType, ProcessSpec> processes = ProcessSpec.table(built.processes());
    requireAll(deployment, processes, formation);
    Release release =
        releases.create(
            deployment.app(),
            version ->
                new Release(
                    deployment.app(),
                    version,
                    built.image(),
                    config.current(deployment.app()).version(),
                    processes,
                    built.port(),
                    build.commit(),
                    deployment.user(),
                    "Deploy " + build.commit().substring(0, SHORT_COMMIT),
                    clock.instant().truncatedTo(ChronoUnit.MICROS)));
    deployments.begin(deployment, DesiredInstances.of(release, formation.quantities()));
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

  /** Of what is to come with the scale beside it, which it is going to have as well. */
  private void requireAll(
      Deployment deployment, SortedMap<ProcessType, ProcessSpec> processes, Formation formation) {
    SortedMap<ProcessType, Integer> quantities =
        deployments.withScale(deployment.app(), formation.quantities());
    instances.require(deployment.app(), DesiredInstances.quantities(processes, quantities));
  }

  private void later(Deployment deployment, Formation formation, DesiredInstances target) {
    Release serving = releases.get(deployment.app(), target.release());
    if (deployment.request() instanceof DeploymentRequest.Restart restart) {
      @Nullable String process = restart.process();
      deployments.begin(
          deployment,
          target.replaced(
              process == null ? null : new ProcessType(process),
              deployments.highestGeneration(deployment.app(), formation.generation()) + 1));
    } else if (deployment.request() instanceof DeploymentRequest.Config change) {
      repeat(deployment, formation, serving, change.version(), "Change config vars");
    } else if (deployment.request() instanceof DeploymentRequest.Rollback rollback) {
      ReleaseVersion to = new ReleaseVersion(rollback.to());
      Release old = releases.get(deployment.app(), to);
      repeat(deployment, formation, old, old.configVersion(), "Rollback to " + to);
    } else {
      throw new IllegalStateException(deployment.request().kind());
    }
  }

  /** A new release of an image that there is already. */
  private void repeat(
      Deployment deployment,
      Formation formation,
      Release like,
      int configVersion,
      String description) {
    requireAll(deployment, like.processes(), formation);
    Release release =
        releases.create(
            deployment.app(),
            version ->
                new Release(
                    deployment.app(),
                    version,
                    like.image(),
                    configVersion,
                    like.processes(),
                    like.port(),
                    like.commit(),
                    deployment.user(),
                    description,
                    clock.instant().truncatedTo(ChronoUnit.MICROS)));
    deployments.begin(deployment, DesiredInstances.of(release, formation.quantities()));
  }

  private void fail(Deployment deployment, Problem cause) {
    deployments.enter(deployment, new DeploymentState.Failed(cause));
  }
}
