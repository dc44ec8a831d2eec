package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentStarter;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which deployments of an app go on now: in each lane one after another, each only after it has its
 * goal, and after deaths of a daemon one of the whole platform at a time.
 */
@ApplicationScoped
class RolloutTurns {

  private static final Logger LOG = LoggerFactory.getLogger(RolloutTurns.class);

  /** How soon a deployment asks again whether it is its turn. */
  private static final Duration TURN = Duration.ofMillis(200);

  private final Deployments deployments;
  private final Attempts attempts;
  private final DeploymentStarter starter;
  private final RolloutStates states;
  private final RolloutVoice voice;
  private final Faults faults;

  RolloutTurns(
      Deployments deployments,
      Attempts attempts,
      DeploymentStarter starter,
      RolloutStates states,
      RolloutVoice voice,
      Faults faults) {
    this.deployments = deployments;
    this.attempts = attempts;
    this.starter = starter;
    this.states = states;
    this.voice = voice;
    this.faults = faults;
  }

  Turn of(AppName app) {
    return Turn.of(deployments.open(app));
  }

  /** When to look again, unless this active deployment goes on now. */
  Optional<Requeue> wait(Deployment active) {
    if (!attempts.take(Deployments.work(active))) {
      return Optional.of(Requeue.after(TURN));
    }
    if (attempts.isPoisoned(Deployments.work(active))) {
      states.poisoned(active);
      return Optional.of(Requeue.again());
    }
    if (active.goal().isEmpty()) {
      begin(active);
      return Optional.of(Requeue.again());
    }
    return Optional.empty();
  }

  private void begin(Deployment deployment) {
    starter.begin(deployment);
    faults.reach(FaultPoint.RELEASE_COMMITTED);
    Deployment begun = deployments.get(deployment.app(), deployment.id());
    LOG.atInfo()
        .addKeyValue("app", deployment.app())
        .addKeyValue("deployment", deployment.id())
        .addKeyValue("kind", deployment.request().kind())
        .addKeyValue("release", begun.release().map(Object::toString).orElse("none"))
        .log("deployment begun");
    voice.begun(begun);
  }

  /** A step begins: a death from now on is counted. */
  void goesOn(Deployment active) {
    attempts.begin(Deployments.work(active));
  }

  /** The runtime is away: if it died, this counts. */
  void lost(Deployment active) {
    attempts.lost(Deployments.work(active));
  }

  /** The active deployment waits for something: others go on meanwhile. */
  void rests(Deployment active) {
    if (attempts.oneByOne()) {
      attempts.rest(Deployments.work(active));
    }
  }
}
