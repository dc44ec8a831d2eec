package dev.paas.api.boot;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What every room is given from outside: the settings and the time. */
@Singleton
class Wiring {

  /** The settings file; Quarkus maps the variable {@code PAAS_CONFIG} to this property. */
  @Produces
  @Singleton
  PlatformSettings settings(
      @ConfigProperty(name = "paas.config", defaultValue = "/etc/paas/paas.toml") String file) {
    return PlatformSettings.load(Path.of(file));
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Ticker ticker() {
    return Ticker.system();
  }
}
