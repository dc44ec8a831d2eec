package dev.paas.api.image;

import dev.paas.api.app.AppCleaner;
import dev.paas.api.build.Builds;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Takes away what an app's builds have left in paas-runtimed: images, caches and the user ids of
 * their steps. Where that also runs the instances, it has gone with them; another scheduler knows
 * nothing of builds.
 */
@ApplicationScoped
class ImageCleaner implements AppCleaner {

  private final Builds builds;
  private final RuntimeClient runtime;
  private final Duration patience;

  ImageCleaner(Builds builds, RuntimeClient runtime, PlatformSettings settings) {
    this.builds = builds;
    this.runtime = runtime;
    this.patience = settings.deploy().destroyTimeout();
  }

  /** After the instances, which run the images, and before the rows of the builds. */
  @Override
  public int order() {
    return 15;
  }

  @Override
  public void clean(AppName app) {
    if (!builds.list(app).isEmpty()) {
      runtime.removeApp(app, patience);
    }
  }
}
