package dev.paas.api.boot;

import dev.paas.api.build.BuildOutput;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.api.scheduler.Inventory;
import dev.paas.api.scheduler.RuntimeScheduler;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.api.store.Database;
import dev.paas.api.store.H2Database;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the objects that are not beans by themselves: settings, time and what the steps share. */
@Singleton
class Producers {

  /** The settings file; Quarkus maps the variable {@code PAAS_CONFIG} to this property. */
  @Produces
  @Singleton
  PlatformSettings settings(
      @ConfigProperty(name = "paas.config", defaultValue = "/etc/paas/paas.toml") String file) {
    return PlatformSettings.load(Path.of(file));
  }

  @Produces
  @Singleton
  Database database(PlatformSettings settings) {
    return new H2Database(settings.platform());
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

  @Produces
  @Singleton
  RuntimeClient runtime(PlatformSettings settings) {
    return new RuntimeClient(settings.platform().runtimeSocket());
  }

  @Produces
  @Singleton
  Scheduler scheduler(RuntimeClient runtime) {
    return new RuntimeScheduler(runtime);
  }

  @Produces
  @Singleton
  Inventory inventory(Scheduler scheduler) {
    return new Inventory(scheduler);
  }

  @Produces
  @Singleton
  BuildOutput output(PlatformSettings settings) {
    return new BuildOutput(settings.platform().data().resolve("db/builds"));
  }

  @Produces
  @Singleton
  Repositories repositories(PlatformSettings settings) {
    return new Repositories(settings.platform().data().resolve("git"));
  }
}
