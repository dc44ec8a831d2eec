package dev.paas.builder.dockerfile;

import dev.paas.builder.plan.Environment;
import dev.paas.contract.runtime.ImageConfig;
import java.util.List;

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

  /** CMD was given in this stage, so that ENTRYPOINT keeps it. */
  boolean hasOwnCommand;

  private StageState(String node, ImageConfig config, Environment env, Environment visible) {
    this.node = node;
    this.config = config.toBuilder();
    this.env = env;
    this.visible = visible;
  }

  static StageState ofImage(String node, ImageConfig config) {
    Environment env = Environment.of(config.getEnvList());
    return new StageState(node, config, env, env.copy());
  }

  /** A stage that begins where this one ended. */
  StageState child() {
    return new StageState(node, finished(), env.copy(), visible.copy());
  }

  String directory() {
    return config.getWorkingDir().isEmpty() ? "/" : config.getWorkingDir();
  }

  List<String> shell() {
    return config.getShellCount() == 0 ? DEFAULT_SHELL : config.getShellList();
  }

  ImageConfig finished() {
    return config.clone().clearEnv().addAllEnv(env.entries()).build();
  }
}
