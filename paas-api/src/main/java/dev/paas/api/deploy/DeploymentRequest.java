package dev.paas.api.deploy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.paas.base.name.ProcessType;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asked of an app. What it means depends on what serves when its turn comes, so it is
 * kept as it was asked. Stored as JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = DeploymentRequest.Deploy.class, name = "deploy"),
  @JsonSubTypes.Type(value = DeploymentRequest.Image.class, name = "image"),
  @JsonSubTypes.Type(value = DeploymentRequest.Scale.class, name = "scale"),
  @JsonSubTypes.Type(value = DeploymentRequest.Restart.class, name = "restart"),
  @JsonSubTypes.Type(value = DeploymentRequest.Config.class, name = "config"),
  @JsonSubTypes.Type(value = DeploymentRequest.Rollback.class, name = "rollback")
})
public sealed interface DeploymentRequest {

  /** Run the image of a build. */
  record Deploy(long build) implements DeploymentRequest {}

  /**
   * Run an image that was not built here.
   *
   * @param digest of its manifest; it has a name of the app
   * @param name what whoever asked calls it
   * @param command what it starts, as people write it
   * @param port what it is told in PORT
   */
  record Image(String digest, String name, String command, int port) implements DeploymentRequest {}

  /** Have these quantities, by process type. */
  record Scale(SortedMap<String, Integer> processes) implements DeploymentRequest {
    public Scale {
      processes = Collections.unmodifiableSortedMap(new TreeMap<>(processes));
    }

    SortedMap<ProcessType, Integer> quantities() {
      SortedMap<ProcessType, Integer> quantities = new TreeMap<>();
      processes.forEach((process, quantity) -> quantities.put(new ProcessType(process), quantity));
      return quantities;
    }
  }

  /** Replace the instances of a process type, or of all. */
  record Restart(@Nullable String process) implements DeploymentRequest {}

  /** Run with the newest config vars. */
  record Config(int version) implements DeploymentRequest {}

  /**
   * Run an earlier release again.
   *
   * @param keepConfig with the config vars as they are, not with that release's
   * @param configBefore the version of the config vars when this was asked for; 0 where an older
   *     version of the platform has brought them back already, or where there were none
   * @param vars the names of the config vars that change with it
   */
  record Rollback(long to, boolean keepConfig, int configBefore, @Nullable List<String> vars)
      implements DeploymentRequest {
    public Rollback {
      vars = vars == null ? List.of() : List.copyOf(vars);
    }

    /** Whether the config vars become that release's when it serves. */
    public boolean restoresConfig() {
      return !keepConfig && configBefore > 0;
    }

    /** The names of the config vars that change with it. */
    List<String> changes() {
      return vars == null ? List.of() : vars;
    }
  }

  /** Which deployments it waits for. */
  default Lane lane() {
    return this instanceof Scale ? Lane.CAPACITY : Lane.RELEASE;
  }

  /** The kind in the store and in the API. */
  default String kind() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
