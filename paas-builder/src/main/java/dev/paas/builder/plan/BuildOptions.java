package dev.paas.builder.plan;

import dev.paas.base.settings.PlatformSettings;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a build is told beside its source.
 *
 * @param stack the base image of buildpacks, the setting {@code build.stack}
 * @param buildEnv variables that a buildpack's install and build steps see; a Dockerfile sees none
 *     of them. They are part of the steps' cache keys.
 * @param limits what the files that describe the build may come to
 * @param dockerfile the path of the Dockerfile to follow; empty for what is found
 * @param target the stage of it to build; empty for the last
 */
public record BuildOptions(
    String stack,
    Map<String, String> buildEnv,
    PlatformSettings.Planning limits,
    String dockerfile,
    String target) {

  public BuildOptions {
    buildEnv = Collections.unmodifiableMap(new TreeMap<>(buildEnv));
  }

  public static BuildOptions of(String stack, PlatformSettings.Planning limits) {
    return new BuildOptions(stack, Map.of(), limits, "", "");
  }

  /** The same for a Dockerfile and a stage that somebody asks for. */
  public BuildOptions asking(String wantedDockerfile, String wantedTarget) {
    return new BuildOptions(stack, buildEnv, limits, wantedDockerfile, wantedTarget);
  }
}
