package dev.paas.builder.buildpack;

import dev.paas.base.name.ProcessType;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Graph;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.procfile.Command;
import dev.paas.builder.procfile.ProcessTable;
import dev.paas.builder.procfile.Procfile;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The steps of a language that is built on one image and runs on another: the app's files lie in
 * {@code /app} and belong to the user {@code app} on both. Used by one thread.
 */
public final class AppSteps {

  public static final String APP = "/app";
  public static final String HOME = "/home/app";
  private static final String USER = "app";
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final BuildOptions options;
  private final Graph graph;

  public AppSteps(BuildOptions options) {
    this.options = options;
    this.graph = new Graph(options.limits().maxGraph().bytes());
  }

  /**
   * A folder that the app's next builds find again.
   *
   * @param id tells it from others of the app
   */
  public record Cache(String id, String target) {}

  /** An image with the app's folder, still empty. */
  public String begin(Image image, String name) {
    return graph.makeDirectory("Preparing " + APP, graph.image(image.getDigest(), name), APP, USER);
  }

  /** All files of a tree in the app's folder. */
  public String copyAll(String input, SourceTree tree) {
    return graph.copy("Copying the app", intoApp(input, tree).addSources("."));
  }

  /** Some files of a tree, where they lie in it. */
  public String copy(String input, SourceTree tree, List<String> files) {
    return graph.copy(
        "Copying " + String.join(", ", files),
        intoApp(input, tree).addAllSources(files).setParents(true));
  }

  private CopyOp.Builder intoApp(String input, SourceTree tree) {
    return CopyOp.newBuilder()
        .setInput(input)
        .setFrom(graph.tree(tree, ""))
        .setDestination(APP + "/")
        .setOwner(USER);
  }

  /** A folder that steps made, taken to the same place on another image. */
  public String take(String input, String from, String folder) {
    return graph.copy(
        "Taking " + folder,
        CopyOp.newBuilder()
            .setInput(input)
            .setFrom(from)
            .addSources(folder)
            .setDestination(folder + "/")
            .setOwner(USER));
  }

  /** A command in the app's folder, with the build's variables and secrets. */
  public String run(String input, List<String> argv, Environment env, List<Cache> caches) {
    return run(String.join(" ", argv), input, argv, env, caches);
  }

  /** The same under another title. */
  public String run(
      String title, String input, List<String> argv, Environment env, List<Cache> caches) {
    ExecOp.Builder exec =
        ExecOp.newBuilder()
            .setInput(input)
            .addAllArgv(argv)
            .addAllEnv(env.copy().setAll(options.buildEnv()).entries())
            .setWorkingDir(APP)
            .setUser(USER);
    for (String secret : options.secrets()) {
      exec.addMounts(
          ExecMount.newBuilder()
              .setTarget(BuildOptions.SECRETS + "/" + secret)
              .setSecret(ExecMount.Secret.newBuilder().setId(secret)));
    }
    for (Cache cache : caches) {
      exec.addCaches(CacheMount.newBuilder().setId(cache.id()).setTarget(cache.target()));
    }
    return graph.exec(title, exec);
  }

  /** Whether a Procfile says how the app answers requests. */
  public static boolean hasWebLine(SourceTree tree, PlatformSettings.Planning limits)
      throws IOException {
    String text = SourceFiles.text(tree, "Procfile", limits).orElse("");
    return Procfile.parse(text, limits.maxProcesses()).has(ProcessType.WEB);
  }

  /** The variables of an image, with a folder in front of its path. */
  public static Environment environment(Image image, String folder) {
    Environment env = Environment.of(image.getConfig().getEnvList());
    String path = env.get("PATH");
    return env.set("PATH", folder + ":" + (path == null ? DEFAULT_PATH : path));
  }

  /**
   * The plan that ends in a node.
   *
   * @param start a line for the shell; empty when nothing says how the app starts
   */
  public Plan plan(
      String output, Image image, Environment env, Optional<String> start, List<String> notes) {
    ImageConfig.Builder config =
        image.getConfig().toBuilder()
            .clearEnv()
            .addAllEnv(env.entries())
            .setUser(USER)
            .setWorkingDir(APP)
            .clearEntrypoint()
            .clearCmd();
    Optional<Command> command = start.map(Command::shell);
    command.ifPresent(web -> config.addAllCmd(web.argv()));
    ProcessTable processes =
        command.map(ProcessTable::web).orElse(new ProcessTable(new TreeMap<>()));
    return new Plan(graph.build(output), config.build(), graph.trees(), processes, false, notes);
  }
}
