package dev.paas.api.build;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.quota.Quota;
import dev.paas.api.quota.QuotaUse;
import dev.paas.api.quota.Quotas;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** How many builds of a user's apps run or wait. */
@ApplicationScoped
public class BuildUse implements QuotaUse {

  private final Store store;
  private final Apps apps;
  private final Quotas quotas;

  public BuildUse(Store store, Apps apps, Quotas quotas) {
    this.store = store;
    this.apps = apps;
    this.quotas = quotas;
  }

  @Override
  public Quota of() {
    return Quota.BUILDS;
  }

  @Override
  public long used(String user) {
    List<String> own =
        apps.all().stream()
            .filter(app -> app.owner().equals(user))
            .map(app -> app.name().value())
            .toList();
    return own.isEmpty()
        ? 0
        : store.read(() -> BuildRow.count("state in ('queued', 'running') and app in ?1", own));
  }

  /**
   * Refuses one more; part of the commit that queues it.
   *
   * @throws dev.paas.base.problem.PaasException {@code quota.builds}
   */
  public void requireOneMore(AppName app) {
    apps.find(app)
        .map(App::owner)
        .ifPresent(
            owner -> {
              long now = used(owner);
              quotas.require(owner, Quota.BUILDS, now, now + 1);
            });
  }
}
