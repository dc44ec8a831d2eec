package dev.paas.api.deploy;

import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.formation.Formations;
import dev.paas.api.release.Release;
import dev.paas.api.release.Releases;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.StoredImage;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the names from images that no kept release runs, so that the runtime may collect them. What
 * does not work now is done after a later deployment: the rows remember.
 */
@ApplicationScoped
public class OldImages {

  private static final Logger LOG = LoggerFactory.getLogger(OldImages.class);

  private final Builds builds;
  private final Releases releases;
  private final Formations formations;
  private final Deployments deployments;
  private final ImageStore images;
  private final int releasesKept;

  OldImages(
      Builds builds,
      Releases releases,
      Formations formations,
      Deployments deployments,
      ImageStore images,
      PlatformSettings settings) {
    this.builds = builds;
    this.releases = releases;
    this.formations = formations;
    this.deployments = deployments;
    this.images = images;
    this.releasesKept = settings.deploy().releasesKept();
  }

  /** The name that keeps an image for an app that runs it without having built it. */
  public static String name(AppName app, String digest) {
    return prefix(app) + digest.substring(digest.indexOf(':') + 1);
  }

  private static String prefix(AppName app) {
    return "apps/" + app + ":image-";
  }

  /** Whether a rollback to this release may still find its image. */
  boolean keeps(Release release) {
    return kept(release.app()).contains(release.image());
  }

  public void collect(AppName app) {
    if (!deployments.open(app).isEmpty()) {
      return;
    }
    Set<String> kept = kept(app);
    if (releases.list(app).stream().anyMatch(release -> release.commit().isEmpty())) {
      collectForeign(app, kept);
    }
    for (BuildId build : builds.superfluous(app, kept)) {
      if (deployments.of(build).isEmpty()) {
        continue; // built, and about to be deployed
      }
      try {
        images.remove(build.imageName());
        builds.unnamed(build);
      } catch (PaasException later) {
        LOG.atInfo()
            .addKeyValue("build", build)
            .addKeyValue("why", later.problem().code())
            .log("image kept for now");
      }
    }
  }

  /** Also what was named for a deployment that was never asked for. */
  private void collectForeign(AppName app, Set<String> kept) {
    try {
      for (StoredImage image : images.list()) {
        String name = name(app, image.digest());
        boolean named = image.names().stream().anyMatch(each -> each.endsWith(name));
        if (named && !kept.contains(image.digest())) {
          var unused = images.remove(name);
        }
      }
    } catch (PaasException later) {
      LOG.atInfo()
          .addKeyValue("app", app)
          .addKeyValue("why", later.problem().code())
          .log("images kept for now");
    }
  }

  /**
   * The images of the newest releases, of the one that serves, and of one that is about to be.
   * Releases that differ in config vars alone share an image and count once.
   */
  public Set<String> kept(AppName app) {
    Set<String> kept =
        releases.list(app).stream()
            .map(Release::image)
            .distinct()
            .limit(releasesKept)
            .collect(Collectors.toCollection(HashSet::new));
    formations
        .of(app)
        .release()
        .flatMap(serving -> releases.find(app, serving))
        .ifPresent(release -> kept.add(release.image()));
    builds
        .newest(app)
        .filter(build -> deployments.of(build.id()).isEmpty())
        .map(Build::state)
        .ifPresent(
            state -> {
              if (state instanceof BuildState.Succeeded made) {
                kept.add(made.image());
              }
            });
    return kept;
  }
}
