package dev.paas.api.image;

import dev.paas.api.app.AppCleaner;
import dev.paas.api.build.Builds;
import dev.paas.api.runtime.ImageStore;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/**
 * Takes away what an app's builds have left in paas-runtimed. Where that also runs the instances,
 * it has gone with them; another scheduler knows nothing of builds.
 */
@ApplicationScoped
class ImageCleaner implements AppCleaner {

  private final Builds builds;
  private final ImageStore images;
  private final Duration patience;

  ImageCleaner(Builds builds, ImageStore images, PlatformSettings settings) {
    this.builds = builds;
    this.images = images;
    this.patience = settings.deploy().destroyTimeout();
  }

  /** After the instances, which run the images, and before the rows of the builds. */
  @Override
  public int order() {
    return 15;
  }

  @Override
  public void clean(AppName app) {
    if (!builds.list(app).isEmpty() && hasImages(app)) {
      images.removeApp(app, patience);
    }
  }

  private boolean hasImages(AppName app) {
    return images.list().stream()
        .flatMap(image -> image.names().stream())
        .map(ImageViewer::app)
        .anyMatch(Optional.of(app.value())::equals);
  }
}
