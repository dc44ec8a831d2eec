package dev.paas.api.quota;

import dev.paas.api.identity.User;
import dev.paas.api.identity.Users;
import dev.paas.api.store.Store;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much each user may take. Who has more than a quota that was lowered keeps it and gets no
 * more. Whatever takes something asks inside the commit that takes it, so that two at once can't
 * both get the last.
 */
@ApplicationScoped
public class Quotas {

  private final Store store;
  private final Users users;
  private final Instance<QuotaUse> uses;
  private final PlatformSettings.Quota settings;

  public Quotas(Store store, Users users, Instance<QuotaUse> uses, PlatformSettings settings) {
    this.store = store;
    this.users = users;
    this.uses = uses;
    this.settings = settings.quota();
  }

  /**
   * Refuses a growth beyond the quota.
   *
   * @param owner who takes it
   * @param before what they take now
   * @param after what they would take
   * @throws OverQuotaException {@code quota.apps} and so on
   */
  public void require(String owner, Quota quota, long before, long after) {
    if (after <= before) {
      return;
    }
    OptionalLong limit = limit(owner, quota);
    if (limit.isPresent() && after > limit.getAsLong()) {
      throw new OverQuotaException(quota, quota.exhausted(owner, limit.getAsLong(), after));
    }
  }

  /** What the user of this name takes now, of all kinds. */
  public long used(String user, Quota quota) {
    return uses.stream().filter(use -> use.of() == quota).mapToLong(use -> use.used(user)).sum();
  }

  /** Nothing for an admin, who is not limited. */
  public OptionalLong limit(String user, Quota quota) {
    if (users.find(user).map(User::admin).orElse(false)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(given(user, quota).orElseGet(() -> quota.byDefault(settings)));
  }

  /** What the user was given instead of the default. */
  Optional<Long> given(String user, Quota quota) {
    return store.read(
        () ->
            QuotaRow.<QuotaRow>find("owner = ?1 and name = ?2", user, quota.text())
                .firstResultOptional()
                .map(row -> row.amount));
  }

  /** Gives a user other quotas than the default, or the default again where nothing is said. */
  void give(User user, Map<Quota, Optional<Long>> amounts) {
    store.write(
        () ->
            amounts.forEach(
                (quota, amount) -> {
                  QuotaRow.delete("owner = ?1 and name = ?2", user.name(), quota.text());
                  if (amount.isPresent()) {
                    QuotaRow row = new QuotaRow();
                    row.owner = user.name();
                    row.name = quota.text();
                    row.amount = amount.get();
                    row.persist();
                  }
                }));
  }
}
