package dev.paas.api.scheduler;

import dev.paas.base.name.InstanceName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an instance is started with.
 *
 * @param image digest of its manifest
 * @param argv the command; empty for the image's own
 * @param env variables beside the image's, in the order in which they are set; they may be secret
 * @param port what the program is told and what has to listen before it runs; 0 for none
 * @param restart whether it is started again when it exits
 */
public record InstanceSpec(
    InstanceName name,
    String image,
    List<String> argv,
    Map<String, String> env,
    int port,
    boolean restart) {

  public InstanceSpec {
    argv = List.copyOf(argv);
    Map<String, String> copy = new LinkedHashMap<>();
    env.forEach((key, value) -> copy.put(key, Objects.requireNonNull(value)));
    env = Collections.unmodifiableMap(copy);
  }

  /** Without command and variables, which may be secret. */
  @Override
  public String toString() {
    return "InstanceSpec[" + name + " of " + image + "]";
  }
}
