package dev.paas.runtime.instance;

import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.instance.life.Observation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Has instances stopped and removed. */
final class Stops {

  private final Roster roster;
  private final LifeCycle cycle;
  private final Duration grace;

  /**
   * @param grace of those that are stopped with their app
   */
  Stops(Roster roster, LifeCycle cycle, Duration grace) {
    this.roster = roster;
    this.cycle = cycle;
    this.grace = grace;
  }

  /** See {@link Supervisor#stop}. */
  CompletableFuture<Void> stop(InstanceId id, Duration within) {
    return roster
        .find(InstanceIds.name(id).toString())
        .map(found -> stop(found, within))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  private CompletableFuture<Void> stop(Supervised instance, Duration within) {
    cycle.tell(instance, new Observation.StopAsked(within));
    return instance.gone().copy();
  }

  /** See {@link Supervisor#stopAll}. */
  CompletableFuture<Void> all(AppName app) {
    return CompletableFuture.allOf(
        roster.of(app).stream()
            .map(instance -> stop(instance, grace))
            .toArray(CompletableFuture[]::new));
  }
}
