package dev.paas.api.deploy;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.formation.Formations;
import dev.paas.api.quota.Quota;
import dev.paas.api.quota.QuotaUse;
import dev.paas.api.quota.Quotas;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many instances are wanted of a user's apps: what serves, or what deployments under way will
 * have serve, whichever is more.
 */
@ApplicationScoped
class WantedInstances {

  private final Apps apps;
  private final Formations formations;
  private final Deployments deployments;
  private final Quotas quotas;
  private final long memory;

  WantedInstances(
      Apps apps,
      Formations formations,
      Deployments deployments,
      Quotas quotas,
      PlatformSettings settings) {
    this.apps = apps;
    this.formations = formations;
    this.deployments = deployments;
    this.quotas = quotas;
    this.memory = settings.runtime().memory().bytes();
  }

  /** Of all apps of a user. */
  long of(String owner) {
    return apps.all().stream()
        .filter(app -> app.owner().equals(owner))
        .mapToLong(app -> of(app.name()))
        .sum();
  }

  private long of(AppName app) {
    SortedMap<String, Integer> most = new TreeMap<>();
    take(most, text(formations.of(app).quantities()));
    for (Deployment open : deployments.open(app)) {
      open.goal().ifPresent(goal -> take(most, text(goal.formation())));
      if (open.request() instanceof DeploymentRequest.Scale scale) {
        take(most, scale.processes());
      }
    }
    return most.values().stream().mapToLong(Integer::longValue).sum();
  }

  private static void take(SortedMap<String, Integer> most, SortedMap<String, Integer> quantities) {
    quantities.forEach((process, quantity) -> most.merge(process, quantity, Math::max));
  }

  private static SortedMap<String, Integer> text(SortedMap<ProcessType, Integer> quantities) {
    SortedMap<String, Integer> text = new TreeMap<>();
    quantities.forEach((process, quantity) -> text.put(process.value(), quantity));
    return text;
  }

  /**
   * Refuses an app more instances than its owner may have.
   *
   * @throws dev.paas.base.problem.PaasException {@code quota.instances}, {@code quota.memory}
   */
  void require(AppName name, SortedMap<ProcessType, Integer> wanted) {
    String owner = apps.find(name).map(App::owner).orElse("");
    long now = sum(formations.of(name).quantities());
    long then = sum(wanted);
    if (owner.isEmpty() || then <= now) {
      return;
    }
    long others = of(owner) - of(name);
    quotas.require(owner, Quota.INSTANCES, others + now, others + then);
    long besides = quotas.used(owner, Quota.MEMORY) - of(name) * memory;
    quotas.require(owner, Quota.MEMORY, besides + now * memory, besides + then * memory);
  }

  private static long sum(SortedMap<ProcessType, Integer> quantities) {
    return quantities.values().stream().mapToLong(Integer::longValue).sum();
  }

  @Produces
  @Singleton
  QuotaUse instances() {
    return new Use(Quota.INSTANCES, 1);
  }

  @Produces
  @Singleton
  QuotaUse memory() {
    return new Use(Quota.MEMORY, memory);
  }

  private final class Use implements QuotaUse {
    private final Quota quota;
    private final long each;

    Use(Quota quota, long each) {
      this.quota = quota;
      this.each = each;
    }

    @Override
    public Quota of() {
      return quota;
    }

    @Override
    public long used(String user) {
      return WantedInstances.this.of(user) * each;
    }
  }
}
