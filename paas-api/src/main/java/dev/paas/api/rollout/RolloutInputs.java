package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.Formation;
import dev.paas.api.formation.Formations;
import dev.paas.api.release.Release;
import dev.paas.api.release.Releases;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.Inventory;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** Reads what is wanted of an app and what there is of it. */
@ApplicationScoped
class RolloutInputs {

  private final Formations formations;
  private final Releases releases;
  private final Inventory inventory;
  private final AppTraffic traffic;
  private final RolloutClock clock;
  private final PlatformSettings.Deploy limits;

  RolloutInputs(
      Formations formations,
      Releases releases,
      Inventory inventory,
      AppTraffic traffic,
      RolloutClock clock,
      PlatformSettings settings) {
    this.formations = formations;
    this.releases = releases;
    this.inventory = inventory;
    this.traffic = traffic;
    this.clock = clock;
    this.limits = settings.deploy();
  }

  /** Nothing when the runtime is away: a plan on a partial list would end instances. */
  Optional<RolloutInput> of(AppName app, Optional<Deployment> active, Optional<Deployment> beside) {
    // What is wanted is read first: what a concurrent write adds to it is not missed afterwards.
    Formation formation = formations.of(app);
    Optional<SortedMap<InstanceName, Instance>> known = inventory.of(app);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    clock.notice(known.get());
    return Optional.of(
        new RolloutInput(
            formation.target(),
            active.map(this::rollout),
            beside.map(Deployment::coming).orElseGet(TreeSet::new),
            known.get(),
            traffic::released,
            traffic.acknowledged(),
            clock::rested));
  }

  private RolloutInput.Rollout rollout(Deployment deployment) {
    DesiredInstances goal = deployment.goal().orElseThrow();
    Release release = releases.get(deployment.app(), goal.release());
    return new RolloutInput.Rollout(
        deployment.state(),
        goal,
        instance -> clock.waited(deployment, instance),
        limits.bootTimeout(),
        release.port());
  }
}
