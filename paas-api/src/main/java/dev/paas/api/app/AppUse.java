package dev.paas.api.app;

import dev.paas.api.quota.Quota;
import dev.paas.api.quota.QuotaUse;
import dev.paas.api.store.Store;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * How many apps a user has; one that is being destroyed is there until everything of it is gone.
 */
@ApplicationScoped
class AppUse implements QuotaUse {

  private final Store store;

  AppUse(Store store) {
    this.store = store;
  }

  @Override
  public Quota of() {
    return Quota.APPS;
  }

  @Override
  public long used(String user) {
    return store.read(() -> AppRow.count("owner", user));
  }
}
