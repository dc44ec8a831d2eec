package dev.paas.builder.buildpack.node;

import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Graph;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The commands of a Node build, each a step of the graph with the variables of the build. */
final class NodeSteps {

  /** The folder of the app. */
  static final String APP = "/app";

  /** Who owns it, and runs what comes from the repository. */
  static final String USER = "app";

  private final Graph graph;
  private final BuildOptions options;
  private final Environment environment;

  /**
   * Steps of this graph.
   *
   * @param environment of the image that is built
   */
  NodeSteps(Graph graph, BuildOptions options, Environment environment) {
    this.graph = graph;
    this.options = options;
    this.environment = environment;
  }

  /** Adds a program to the stack, for everybody. */
  String program(String title, String input, List<String> argv) {
    ExecOp.Builder exec = exec(input, argv, Map.of()).setWorkingDir("/").setUser("");
    return graph.exec(title, exec.addCaches(cache("npm-programs", "/root/.npm")));
  }

  /** Installs what a lock file says; a failure may mean that it is an old one. */
  String install(Manager manager, String input, List<String> argv, String lock) {
    List<String> words = new ArrayList<>(List.of("/bin/sh", Tools.LOCKED, lock, manager.program()));
    words.addAll(argv);
    return manager(manager, String.join(" ", argv), input, words);
  }

  /** A command of the package manager, which finds again what it has downloaded. */
  String manager(Manager manager, String input, List<String> argv) {
    return manager(manager, title(argv), input, argv);
  }

  private String manager(Manager manager, String title, String input, List<String> argv) {
    ExecOp.Builder exec = exec(input, argv, manager.settings());
    return graph.exec(title, exec.addCaches(cache(manager.cacheName(), manager.cache())));
  }

  /**
   * A script of the app.
   *
   * @param kept folders below the app's that the next build finds again
   */
  String script(Manager manager, String input, String script, List<String> kept) {
    List<String> argv = manager.run(script);
    ExecOp.Builder exec = exec(input, argv, manager.settings());
    for (String folder : kept) {
      exec.addCaches(cache(folder.replaceAll("[^a-z_]+", "-"), APP + "/" + folder));
    }
    return graph.exec(title(argv), exec);
  }

  /** A program of ours, which needs no network. */
  String own(String title, String input, List<String> argv) {
    return graph.exec(title, exec(input, argv, Map.of()).setWithoutNetwork(true));
  }

  private ExecOp.Builder exec(String input, List<String> argv, Map<String, String> settings) {
    Environment env = environment.copy().setAll(settings).setAll(options.buildEnv());
    ExecOp.Builder exec =
        ExecOp.newBuilder()
            .setInput(input)
            .addAllArgv(argv)
            .addAllEnv(env.entries())
            .setWorkingDir(APP)
            .setUser(USER);
    for (String secret : options.secrets()) {
      exec.addMounts(
          ExecMount.newBuilder()
              .setTarget(BuildOptions.SECRETS + "/" + secret)
              .setSecret(ExecMount.Secret.newBuilder().setId(secret)));
    }
    return exec;
  }

  private static CacheMount cache(String id, String target) {
    return CacheMount.newBuilder().setId(id).setTarget(target).build();
  }

  /** A shell is not what people want to read. */
  private static String title(List<String> argv) {
    return argv.get(0).equals("/bin/sh")
        ? argv.get(2).lines().findFirst().orElse("")
        : String.join(" ", argv);
  }
}
