package dev.paas.builder.dockerfile;

import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Text;
import dev.paas.builder.plan.Environment;
import dev.paas.contract.runtime.ImageConfig;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a stage has become so far. */
final class StageState {

  /** What a process finds commands in, where the image says nothing (as in Docker). */
  static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  /** The node of the graph that has the files. */
  String node;

  final ImageConfig.Builder config;

  /** The variables of the image. */
  final Environment env;

  /** What expansion and RUN see: variables and arguments in one namespace, the later wins. */
  final Environment visible;

  /** Each by its name; ports and volumes have no value. */
  final Environment labels;

  final Environment ports;

  /** Those that this file exposes: what is meant comes before what an image brings along. */
  private final Set<String> ownPorts = new LinkedHashSet<>();

  final Environment volumes;

  private long commandBytes;

  /** CMD was given in this stage, so that ENTRYPOINT keeps it. */
  boolean hasOwnCommand;

  /** CMD or ENTRYPOINT was given here or in a stage before; else the base image decides. */
  boolean declaresCommand;

  /** False while the base image has not been looked at: any name may be a variable of it. */
  private final boolean known;

  /** Variables whose value depends on what is not known. */
  private final Set<String> unknown = new HashSet<>();

  private boolean readUnknown;

  /** An instruction that sets variables is wrong, so that any of them may be another. */
  private boolean unsure;

  /** Arguments of this stage, with a value or without. */
  private final Set<String> declared = new HashSet<>();

  /** There was a WORKDIR, so that a relative one is relative to something in this file. */
  boolean hasDirectory;

  /** What stands in the environments is not in the config until the stage is finished. */
  private StageState(
      String node,
      ImageConfig.Builder config,
      Environment env,
      Environment visible,
      boolean known) {
    this.node = node;
    this.config = config;
    this.env = env;
    this.visible = visible;
    this.labels = new Environment().setAll(config.getLabelsMap());
    this.ports = new Environment();
    config.getExposedPortsList().forEach(port -> ports.set(port, ""));
    this.volumes = new Environment();
    config.getVolumesList().forEach(volume -> volumes.set(volume, ""));
    this.known = known;
    config.clearEnv().clearLabels().clearExposedPorts().clearVolumes();
  }

  private StageState(StageState parent) {
    this.node = parent.node;
    this.config = parent.config.clone();
    this.env = parent.env.copy();
    this.visible = parent.visible.copy();
    this.labels = parent.labels.copy();
    this.ports = parent.ports.copy();
    this.ownPorts.addAll(parent.ownPorts);
    this.volumes = parent.volumes.copy();
    this.known = parent.known;
    this.commandBytes = parent.commandBytes;
    this.declaresCommand = parent.declaresCommand;
    this.unknown.addAll(parent.unknown);
    this.unsure = parent.unsure;
    this.declared.addAll(parent.declared);
    this.hasDirectory = parent.hasDirectory;
  }

  static StageState ofImage(String node, ImageConfig config, boolean known) {
    Environment env = Environment.of(config.getEnvList());
    return new StageState(node, config.toBuilder(), env, env.copy(), known);
  }

  /** Without an image there are no files, but there are Docker's search path and directory. */
  static StageState ofScratch(String node) {
    Environment env = new Environment().set("PATH", DEFAULT_PATH);
    return new StageState(node, ImageConfig.newBuilder().setWorkingDir("/"), env, env.copy(), true);
  }

  /** Takes out what the image or stage that it begins with asks of it, once that is done. */
  void triggersRun() {
    config.clearOnBuild();
  }

  /** A stage that begins where this one ended. */
  StageState child() {
    return new StageState(this);
  }

  /** The value of a variable for an expansion. */
  @Nullable String value(String name) {
    String value = visible.get(name);
    readUnknown |= unsure || (value == null ? !known : unknown.contains(name));
    return value;
  }

  /** From here on it counts whether a variable is read that is not known. */
  void read() {
    readUnknown = false;
  }

  /** From here on no variable is known for certain. */
  void becomeUnsure() {
    unsure = true;
  }

  /** An argument that may have no value. */
  void declare(String name) {
    declared.add(name);
  }

  boolean declares(String name) {
    return declared.contains(name);
  }

  boolean hasReadUnknown() {
    return readUnknown;
  }

  /** A port as the config has it, e.g. {@code 8080/tcp}. */
  void expose(String port) {
    ports.set(port, "");
    ownPorts.add(port);
  }

  /** A variable of the image. */
  void setVariable(String name, String value) {
    env.set(name, value);
    setVisible(name, value);
  }

  /** A variable of this stage's expansions and commands only. */
  void setVisible(String name, String value) {
    visible.set(name, value);
    if (readUnknown) {
      unknown.add(name);
    } else {
      unknown.remove(name);
    }
  }

  /** Holds the config to its bounds; {@code at} is what made it grow. */
  void check(Bounds bounds, Text at) {
    bounds.entries(visible.size(), "variables", at);
    bounds.entries(labels.size(), "labels", at);
    bounds.entries(ports.size(), "ports", at);
    bounds.entries(volumes.size(), "volumes", at);
    bounds.config(
        Math.max(env.bytes(), visible.bytes())
            + labels.bytes()
            + ports.bytes()
            + volumes.bytes()
            + commandBytes,
        at);
  }

  /** CMD, ENTRYPOINT or SHELL is another, or there is one more ONBUILD. */
  void commandsChanged(Bounds bounds, Text at) {
    commandBytes =
        bytes(config.getCmdList())
            + bytes(config.getEntrypointList())
            + bytes(config.getShellList())
            + bytes(config.getOnBuildList())
            + bytes(config.getHealthCheck().getTestList())
            + Environment.utf8Length(config.getAuthor());
    check(bounds, at);
  }

  private static long bytes(List<String> words) {
    return words.stream().mapToLong(Environment::utf8Length).sum();
  }

  String directory() {
    return config.getWorkingDir().isEmpty() ? "/" : config.getWorkingDir();
  }

  List<String> shell() {
    return config.getShellCount() == 0 ? DEFAULT_SHELL : config.getShellList();
  }

  ImageConfig finished() {
    Set<String> exposed = new LinkedHashSet<>(ownPorts);
    exposed.addAll(ports.names());
    return config
        .clone()
        .addAllEnv(env.entries())
        .putAllLabels(labels.all())
        .addAllExposedPorts(exposed)
        .addAllVolumes(volumes.names())
        .build();
  }
}
