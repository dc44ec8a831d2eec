package dev.paas.builder.plan;

import dev.paas.base.settings.PlatformSettings;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a build is told beside its source.
 *
 * @param stack the base image of buildpacks, the setting {@code build.stack}
 * @param buildEnv variables that a buildpack's install and build steps see; a Dockerfile sees those
 *     that it declares by ARG. They are part of the steps' cache keys.
 * @param limits what the files that describe the build may come to
 * @param dockerfile the path of the Dockerfile to follow; empty for what is found
 * @param target the stage of it to build; empty for the last
 * @param secrets names of what steps may see that stays nowhere: those of a buildpack see all, a
 *     Dockerfile's what their mounts ask for
 */
public record BuildOptions(
    String stack,
    Map<String, String> buildEnv,
    PlatformSettings.Planning limits,
    String dockerfile,
    String target,
    SortedSet<String> secrets) {

  /** The folder in which steps find secrets. */
  public static final String SECRETS = "/run/secrets";

  public BuildOptions {
    buildEnv = Collections.unmodifiableMap(new TreeMap<>(buildEnv));
    secrets = Collections.unmodifiableSortedSet(new TreeSet<>(secrets));
  }

  public static BuildOptions of(String stack, PlatformSettings.Planning limits) {
    return new BuildOptions(stack, Map.of(), limits, "", "", new TreeSet<>());
  }

  /** The same for a Dockerfile and a stage that somebody asks for. */
  public BuildOptions asking(String wantedDockerfile, String wantedTarget) {
    return new BuildOptions(stack, buildEnv, limits, wantedDockerfile, wantedTarget, secrets);
  }

  /** The same with variables for the build, and secrets of these names. */
  public BuildOptions giving(Map<String, String> variables, SortedSet<String> names) {
    return new BuildOptions(stack, variables, limits, dockerfile, target, names);
  }
}
