package dev.paas.api.oneoff;

import dev.paas.api.formation.Formations;
import dev.paas.api.image.RunImages;
import dev.paas.api.release.InstanceSpecs;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.runtime.InspectedImage;
import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.api.scheduler.SessionSpec;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.settings.InstanceSettings;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a command beside an app's instances is told: image and config of what serves. One in an
 * image of no app is told what the image says.
 */
@ApplicationScoped
class OneOffSpecs {

  private final Formations formations;
  private final Releases releases;
  private final InstanceSpecs specs;
  private final RunImages images;
  private final InstanceSettings limits;
  private final Duration unattended;

  OneOffSpecs(
      Formations formations,
      Releases releases,
      InstanceSpecs specs,
      RunImages images,
      PlatformSettings settings) {
    this.images = images;
    this.limits = settings.runtime();
    this.unattended = settings.terminals().unattended();
    this.formations = formations;
    this.releases = releases;
    this.specs = specs;
  }

  /** For how long a session goes on whose client has vanished. */
  Duration unattended() {
    return unattended;
  }

  /**
   * A run of this command with these variables on top.
   *
   * @throws dev.paas.base.problem.PaasException {@code release.none}
   */
  InstanceSpec of(AppName app, List<String> command, Map<String, String> extra) {
    ReleaseVersion serving = formations.serving(app);
    Release release = releases.get(app, serving);
    // The slot is the runtime's to choose.
    InstanceName key = new InstanceName(app, ProcessType.ONE_OFF, serving.number(), 0, 0);
    InstanceSpec like = specs.of(release, key);
    Map<String, String> environment = new LinkedHashMap<>(like.env());
    environment.putAll(extra);
    environment.put("PAAS_PROCESS", ProcessType.ONE_OFF.value());
    return new InstanceSpec(key, like.image(), command, environment, 0, false);
  }

  /**
   * A run of an image for the user of the request.
   *
   * @param own the name of what the user runs without an app
   * @throws dev.paas.base.problem.PaasException {@code image.not-found}, {@code run.no-command},
   *     {@code run.over-limit}
   */
  SessionSpec.Apart of(
      AppName own, ImageRun image, List<String> words, Map<String, String> environment) {
    InspectedImage known = images.open(String.valueOf(image.digest()));
    return new SessionSpec.Apart(
        new InstanceSpec(
            new InstanceName(own, ProcessType.ONE_OFF, 0, 0, 0),
            known.image().digest(),
            image.argv(known.config(), words),
            environment,
            0,
            false),
        image.as(limits));
  }
}
