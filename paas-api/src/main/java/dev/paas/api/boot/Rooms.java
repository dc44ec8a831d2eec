package dev.paas.api.boot;

import dev.paas.api.build.BuildOutput;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.api.scheduler.Inventory;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes what the steps of a push share and what is not a bean by itself. */
@Singleton
class Rooms {

  @Produces
  @Singleton
  RuntimeClient runtime(PlatformSettings settings) {
    return new RuntimeClient(settings.platform().runtimeSocket());
  }

  @Produces
  @Singleton
  Inventory inventory(RuntimeClient runtime) {
    return new Inventory(runtime);
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
