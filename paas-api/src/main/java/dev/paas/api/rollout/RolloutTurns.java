package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentStarter;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.deploy.Lane;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.reconcile.Work;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which deployments of an app go on now: one after another in each lane, each once it has
 * its goal, and after a daemon has died one at a time on the whole platform. It follows which one
 * has to end when a step fails for good.
 */
@ApplicationScoped
class RolloutTurns {

  private static final Logger LOG = LoggerFactory.getLogger(RolloutTurns.class);

  /** How soon a deployment asks again whether its turn has come. */
  private static final Duration TURN = Duration.ofMillis(200);

  private final Deployments deployments;
  private final Attempts attempts;
  private final DeploymentStarter starter;
  private final RolloutStates states;
  private final RolloutVoice voice;
  private final Faults faults;

  /** The lane whose turn it is, or was when a step failed. */
  private final ConcurrentHashMap<AppName, Lane> planned = new ConcurrentHashMap<>();

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

  /** Ends what has killed daemons instead of taking it up again; called before the first turn. */
  void endPoisoned() {
    List<Deployment> open =
        deployments.appsWithOpen().stream()
            .flatMap(app -> deployments.open(app).stream())
            .filter(deployment -> !deployment.state().serves())
            .toList();
    Set<Work> poisoned =
        attempts.poisoned(Work.Kind.DEPLOYMENT, open.stream().map(Deployments::work).toList());
    open.stream()
        .filter(deployment -> poisoned.contains(Deployments.work(deployment)))
        .forEach(states::poisoned);
  }

  /** Apps with a deployment that is not over. */
  List<AppName> open() {
    return deployments.appsWithOpen();
  }

  Turn of(AppName app) {
    return Turn.of(deployments.open(app));
  }

  /** Notes what the next plan is for: this deployment, or what serves when there is none. */
  void planned(AppName app, Optional<Deployment> active) {
    active.ifPresentOrElse(
        deployment -> planned.put(app, deployment.lane()), () -> planned.remove(app));
  }

  /**
   * Ends the app's deployment after its step has failed again and again for unexpected reasons:
   * first its new instances are removed, and if that fails as well it is over at once. What the app
   * runs afterwards is kept up without an end, and a deployment in the other lane goes on.
   *
   * @return whether there was one to end
   */
  boolean end(AppName app, Throwable cause) {
    Optional<Deployment> open =
        cause instanceof ServingFailedException ? Optional.empty() : failing(app, of(app));
    open.ifPresent(states::internal);
    return open.isPresent();
  }

  private Optional<Deployment> failing(AppName app, Turn turn) {
    return Optional.ofNullable(planned.get(app))
        .flatMap(turn::active)
        .or(() -> turn.open().stream().filter(open -> open.state().serves()).findFirst());
  }

  /** The app is destroyed. */
  void forget(AppName app) {
    planned.remove(app);
  }

  /** When to look again; nothing when this active deployment goes on now. */
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
