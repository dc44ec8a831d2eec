package dev.paas.api.deploy;

import dev.paas.api.app.AppGoing;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.http.ProblemView;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.Inventory;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What the API shows of deployments, and how it waits for their next state. */
@ApplicationScoped
public class DeploymentViews {

  private final Deployments deployments;
  private final WaitReasons waiting;
  private final Inventory inventory;
  private final Releases releases;
  private final ConcurrentHashMap<AppName, Set<Change>> waiters = new ConcurrentHashMap<>();

  /** One waiter's next change. */
  static final class Change {
    private final CompletableFuture<Boolean> happened = new CompletableFuture<>();

    CompletableFuture<Boolean> happened() {
      return happened;
    }
  }

  DeploymentViews(
      Deployments deployments, WaitReasons waiting, Inventory inventory, Releases releases) {
    this.releases = releases;
    this.deployments = deployments;
    this.waiting = waiting;
    this.inventory = inventory;
  }

  void changed(@Observes DeploymentsChanged event) {
    tell(event.app());
  }

  void going(@Observes AppGoing event) {
    tell(event.app());
  }

  private void tell(AppName app) {
    Set<Change> all = waiters.remove(app);
    if (all != null) {
      all.forEach(waiter -> waiter.happened.complete(true));
    }
  }

  /** Completes when something about the app's deployments changes. */
  Change next(AppName app) {
    Change waiter = new Change();
    waiters.compute(
        app,
        (same, all) -> {
          Set<Change> now = all == null ? ConcurrentHashMap.newKeySet() : all;
          now.add(waiter);
          return now;
        });
    return waiter;
  }

  /** Nobody waits any more. */
  void forget(AppName app, Change waiter) {
    waiters.computeIfPresent(
        app,
        (same, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }

  DeploymentView view(AppName app, long id) {
    return of(deployments.get(app, id));
  }

  public DeploymentView of(Deployment deployment) {
    DeploymentState state = deployment.state();
    Set<InstanceName> goal =
        deployment
            .goal()
            .<Set<InstanceName>>map(DesiredInstances::instances)
            .orElseGet(TreeSet::new);
    SortedMap<InstanceName, Instance> known =
        inventory.of(deployment.app()).orElseGet(TreeMap::new);
    int running =
        (int)
            goal.stream()
                .filter(
                    key -> {
                      Instance instance = known.get(key);
                      return instance != null && instance.state() == Instance.State.RUNNING;
                    })
                .count();
    return new DeploymentView(
        String.valueOf(deployment.id()),
        deployment.app().value(),
        deployment.release().map(Object::toString).orElse(null),
        state.shown(),
        deployment.request().kind(),
        state.finished() ? null : waitingFor(deployment).orElse(null),
        state.problem().map(ProblemView::of).orElse(null),
        deployment.createdAt(),
        deployment.finishedAt(),
        new DeploymentView.Instances(goal.size(), running),
        deployment.request() instanceof DeploymentRequest.Scale scale ? scale.processes() : null,
        deployment.request() instanceof DeploymentRequest.Rollback back
            ? back(deployment.app(), back)
            : null);
  }

  private DeploymentView.Back back(AppName app, DeploymentRequest.Rollback back) {
    ReleaseVersion to = new ReleaseVersion(back.to());
    String description = releases.find(app, to).map(Release::description).orElse("");
    return new DeploymentView.Back(to.toString(), description, back.keepConfig(), back.changes());
  }

  private Optional<String> waitingFor(Deployment deployment) {
    Optional<Deployment> first = deployment.lane().first(deployments.open(deployment.app()));
    boolean queued = first.isPresent() && first.get().id() < deployment.id();
    return queued
        ? Optional.of("an earlier " + first.get().request().kind() + " to end")
        : waiting.reason(deployment.app(), deployment.lane());
  }
}
