package dev.paas.api.release;

import dev.paas.api.config.ConfigVars;
import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.base.name.InstanceName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what an instance of a release is started with; also the base of a one-off run. */
@ApplicationScoped
public class InstanceSpecs {

  private final ConfigVars config;

  InstanceSpecs(ConfigVars config) {
    this.config = config;
  }

  public InstanceSpec of(Release release, InstanceName key) {
    Map<String, String> environment =
        new LinkedHashMap<>(config.at(key.app(), release.configVersion()).vars());
    environment.put("PAAS_APP", key.app().value());
    environment.put("PAAS_RELEASE", release.version().toString());
    environment.put("PAAS_PROCESS", key.label());
    ProcessSpec process = release.processes().get(key.process());
    return new InstanceSpec(
        key,
        release.image(),
        process == null ? List.of() : process.command().argv(),
        environment,
        release.portOf(key.process()),
        true);
  }
}
