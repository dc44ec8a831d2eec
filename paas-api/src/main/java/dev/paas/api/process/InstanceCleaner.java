package dev.paas.api.process;

import dev.paas.api.app.AppCleaner;
import dev.paas.api.build.Builds;
import dev.paas.api.formation.Formations;
import dev.paas.api.route.Routes;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Takes away what runs: out of the table first, then all that the runtime has of the app.
 *
 * <p>The caller of a destruction has asked for it: requests that are still under way are cut.
 */
@ApplicationScoped
class InstanceCleaner implements AppCleaner {

  private final Routes routes;
  private final Scheduler scheduler;
  private final Formations formations;
  private final Builds builds;

  /** The runtime stops instances within the grace period, then it removes. */
  private final Duration patience;

  InstanceCleaner(
      Routes routes,
      Scheduler scheduler,
      Formations formations,
      Builds builds,
      PlatformSettings settings) {
    this.patience = settings.deploy().stopGrace().plus(settings.deploy().destroyTimeout());
    this.routes = routes;
    this.scheduler = scheduler;
    this.formations = formations;
    this.builds = builds;
  }

  @Override
  public int order() {
    return 10;
  }

  @Override
  public void clean(AppName app) throws InterruptedException {
    routes.remove(app);
    boolean served = formations.of(app).release().isPresent();
    if (!served && builds.list(app).isEmpty()) {
      return; // neither the router nor the runtime has ever heard of it
    }
    if (served) {
      routes.awaitAcknowledged();
    }
    scheduler.removeApp(app, patience);
  }
}
