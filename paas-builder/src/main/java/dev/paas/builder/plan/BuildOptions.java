package dev.paas.builder.plan;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.settings.StackSettings;
import dev.paas.base.settings.ToolchainSettings;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a build is told beside its source.
 *
 * @param stack the base image of Node apps and static sites, the setting {@code build.stack}
 * @param stacks the base images of other languages
 * @param toolchains which versions of languages there are, and from where
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
    StackSettings stacks,
    ToolchainSettings toolchains,
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

  /** What the platform gives to every build. */
  public static BuildOptions of(PlatformSettings platform) {
    return new BuildOptions(
        platform.build().stack(),
        platform.stacks(),
        platform.toolchains(),
        Map.of(),
        platform.planning(),
        "",
        "",
        new TreeSet<>());
  }

  /** The same on the usual stacks but for one. */
  public static BuildOptions of(String stack, PlatformSettings.Planning limits) {
    BuildOptions usual = of(PlatformSettings.DEFAULTS);
    return new BuildOptions(
        stack, usual.stacks, usual.toolchains, Map.of(), limits, "", "", usual.secrets);
  }

  /** The images that a buildpack may begin with; they are on every platform. */
  public List<String> allStacks() {
    return Stream.concat(Stream.of(stack), stacks.all().stream()).toList();
  }

  /** The same for a Dockerfile and a stage that somebody asks for. */
  public BuildOptions asking(String wantedDockerfile, String wantedTarget) {
    return new BuildOptions(
        stack, stacks, toolchains, buildEnv, limits, wantedDockerfile, wantedTarget, secrets);
  }

  /** The same with variables for the build, and secrets of these names. */
  public BuildOptions giving(Map<String, String> variables, SortedSet<String> names) {
    return new BuildOptions(
        stack, stacks, toolchains, variables, limits, dockerfile, target, names);
  }
}
