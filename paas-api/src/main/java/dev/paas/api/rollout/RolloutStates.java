package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.deploy.OldImages;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.Formations;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves deployments from state to state: the row, what the log and the pusher are told of it. */
@ApplicationScoped
class RolloutStates {

  private static final Logger LOG = LoggerFactory.getLogger(RolloutStates.class);

  private final Store store;
  private final Formations formations;
  private final Deployments deployments;
  private final RolloutClock clock;
  private final RolloutVoice voice;
  private final OldImages oldImages;

  RolloutStates(
      Store store,
      Formations formations,
      Deployments deployments,
      RolloutClock clock,
      RolloutVoice voice,
      OldImages oldImages) {
    this.store = store;
    this.formations = formations;
    this.deployments = deployments;
    this.clock = clock;
    this.voice = voice;
    this.oldImages = oldImages;
  }

  void enter(
      Deployment deployment, DeploymentState state, SortedMap<InstanceName, Instance> known) {
    if (state instanceof DeploymentState.Failing) {
      voice.tellLastLines(deployment, serving(deployment.app()), known);
    }
    deployments.enter(deployment, state);
    LOG.atInfo()
        .addKeyValue("app", deployment.app())
        .addKeyValue("deployment", deployment.id())
        .addKeyValue("state", state.stored())
        .addKeyValue("problem", state.problem().map(Problem::code).orElse(""))
        .log("deployment");
    if (state instanceof DeploymentState.Checking) {
      voice.waits(deployment);
    }
    if (state.finished()) {
      over(deployment);
      oldImages.collect(deployment.app());
    }
  }

  /**
   * From now on what the deployment wants is what the app has.
   *
   * @return false when it has come to want something else than was looked at
   */
  boolean switchTo(Deployment deployment) {
    DesiredInstances goal = deployment.goal().orElseThrow();
    boolean switched =
        store.commit(
            () -> {
              deployments.hold(deployment.app());
              if (!deployments.isUnchanged(deployment)) {
                return false;
              }
              formations.save(formations.of(deployment.app()).with(goal));
              deployments.enter(deployment, new DeploymentState.Switching());
              deployments.switched(deployment);
              return true;
            });
    if (!switched) {
      return false;
    }
    clock.switches(deployment);
    LOG.atInfo()
        .addKeyValue("app", deployment.app())
        .addKeyValue("deployment", deployment.id())
        .addKeyValue("release", goal.release())
        .log("deployment switches");
    voice.switches(deployment, goal);
    return true;
  }

  /** Deployments that serve are done once nothing is leaving. */
  boolean finish(List<Deployment> open) {
    boolean any = false;
    for (Deployment deployment : open) {
      if (deployment.state() instanceof DeploymentState.Draining) {
        enter(deployment, new DeploymentState.Done(), new TreeMap<>());
        any = true;
      }
    }
    return any;
  }

  /** A step of it failed again and again for a reason that nobody expected. */
  void internal(Deployment deployment) {
    end(deployment, DeployProblems.internal(deployment));
  }

  /** It was alone at too many deaths. */
  void poisoned(Deployment deployment) {
    DeploymentState end = DeployProblems.poisoned(deployment);
    end(deployment, end);
    LOG.atError()
        .addKeyValue("app", deployment.app())
        .addKeyValue("deployment", deployment.id())
        .addKeyValue("state", end.stored())
        .log("deployment ended: daemons died of it");
  }

  private void end(Deployment deployment, DeploymentState end) {
    deployments.enter(deployment, end);
    if (end.finished()) {
      over(deployment);
    }
  }

  /** The instances that the app has whatever becomes of the deployment. */
  Set<InstanceName> serving(AppName app) {
    return formations
        .of(app)
        .target()
        .<Set<InstanceName>>map(target -> new HashSet<>(target.instances()))
        .orElseGet(HashSet::new);
  }

  private void over(Deployment deployment) {
    clock.over(deployment);
    voice.over(deployment);
  }
}
