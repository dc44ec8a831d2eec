package dev.paas.api.deploy;

import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What each app's deployment waits for at this moment; for people, so it is not stored. */
@ApplicationScoped
public class WaitReasons {

  private final ConcurrentHashMap<AppName, String> reasons = new ConcurrentHashMap<>();
  private final Deployments deployments;

  WaitReasons(Deployments deployments) {
    this.deployments = deployments;
  }

  public void waitsFor(AppName app, @Nullable String reason) {
    @Nullable String before = reason == null ? reasons.remove(app) : reasons.put(app, reason);
    if (before == null ? reason != null : !before.equals(reason)) {
      deployments.tell(app);
    }
  }

  Optional<String> reason(AppName app) {
    return Optional.ofNullable(reasons.get(app));
  }
}
