package dev.paas.api.oneoff;

import dev.paas.api.formation.Formations;
import dev.paas.api.release.InstanceSpecs;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a command beside an app's instances is told: image and config of what serves. */
@ApplicationScoped
class OneOffSpecs {

  private final Formations formations;
  private final Releases releases;
  private final InstanceSpecs specs;
  private final Duration unattended;

  OneOffSpecs(
      Formations formations, Releases releases, InstanceSpecs specs, PlatformSettings settings) {
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
}
