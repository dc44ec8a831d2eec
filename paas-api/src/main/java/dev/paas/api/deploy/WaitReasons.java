package dev.paas.api.deploy;

import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What each app's deployments wait for at this moment; for people, so it is not stored. */
@ApplicationScoped
public class WaitReasons {

  private record Waiter(AppName app, Lane lane) {}

  private final ConcurrentHashMap<Waiter, String> reasons = new ConcurrentHashMap<>();
  private final Deployments deployments;

  WaitReasons(Deployments deployments) {
    this.deployments = deployments;
  }

  public void waitsFor(AppName app, Lane lane, @Nullable String reason) {
    Waiter waiter = new Waiter(app, lane);
    @Nullable String before = reason == null ? reasons.remove(waiter) : reasons.put(waiter, reason);
    if (before == null ? reason != null : !before.equals(reason)) {
      deployments.tell(app);
    }
  }

  Optional<String> reason(AppName app, Lane lane) {
    return Optional.ofNullable(reasons.get(new Waiter(app, lane)));
  }
}
