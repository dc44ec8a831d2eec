package dev.paas.builder.plan;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a build is told beside its source.
 *
 * @param stack the base image of buildpacks, the setting {@code build.stack}
 * @param buildEnv variables that a buildpack's install and build steps see; a Dockerfile sees none
 *     of them. They are part of the steps' cache keys.
 */
public record BuildOptions(String stack, Map<String, String> buildEnv) {

  public BuildOptions {
    buildEnv = Collections.unmodifiableMap(new TreeMap<>(buildEnv));
  }

  public static BuildOptions of(String stack) {
    return new BuildOptions(stack, Map.of());
  }
}
