package dev.paas.builder.buildpack.node;

import dev.paas.base.problem.Problem;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Graph;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.procfile.Command;
import dev.paas.builder.procfile.ProcessTable;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Node app with npm. Three layers: what npm installed, which depends on the manifests only and is
 * reused while they stay the same; the app's files; and what its build script made.
 */
final class NodeApp {

  private static final String APP = "/app";
  private static final String USER = "app";
  private static final String NPM_CACHE = "/home/app/.npm";
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The stack image says its version here, as the official node images do. */
  private static final String NODE_VERSION = "NODE_VERSION";

  /** What the installation reads, if no script of the app runs in it. */
  private static final List<String> INSTALL_INPUTS =
      List.of(PackageJson.NAME, "package-lock.json", "npm-shrinkwrap.json", ".npmrc");

  private final SourceTree whole;
  private final PackageJson json;
  private final Image stack;
  private final BuildOptions options;
  private final Graph graph;
  private final List<String> notes = new ArrayList<>();

  private NodeApp(SourceTree whole, PackageJson json, Image stack, BuildOptions options) {
    this.whole = whole;
    this.json = json;
    this.stack = stack;
    this.options = options;
    this.graph = new Graph(options.limits().maxGraph().bytes());
  }

  static Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    PackageJson json =
        PackageJson.parse(SourceFiles.text(tree, PackageJson.NAME, options.limits()).orElse("{}"));
    return new NodeApp(tree, json, images.resolve(options.stack()), options).plan();
  }

  private Plan plan() throws IOException {
    checkVersion();
    checkManager();
    SourceTree source = source();
    String app = graph.image(stack.getDigest(), options.stack());
    app = graph.makeDirectory("Preparing " + APP, app, APP, USER);
    String build = json.script("build");
    boolean builds = !build.isEmpty();
    boolean installs = json.installsAnything();
    boolean wholeTreeFirst = installs && json.needsWholeTree();
    if (wholeTreeFirst) {
      app = copyAll(app, source);
    }
    if (installs) {
      app = wholeTreeFirst ? app : copyInputs(app, source);
      app = npm(app, installCommand(builds), true);
    }
    if (!wholeTreeFirst) {
      app = copyAll(app, source);
    }
    if (builds) {
      app = npm(app, List.of("npm", "run", "build"), false);
      if (json.hasDevelopmentDependencies()) {
        app = npm(app, List.of("npm", "prune", "--omit=dev"), true);
      }
    }
    return finished(app);
  }

  private Plan finished(String output) throws IOException {
    ImageConfig.Builder config =
        stack.getConfig().toBuilder()
            .clearEnv()
            .addAllEnv(environment().entries())
            .setUser(USER)
            .setWorkingDir(APP)
            .clearEntrypoint()
            .clearCmd();
    Optional<List<String>> start = StartCommand.of(json, whole);
    start.ifPresent(config::addAllCmd);
    ProcessTable processes =
        start
            .map(argv -> ProcessTable.web(Command.ofImage(List.of(), argv)))
            .orElse(new ProcessTable(new TreeMap<>()));
    return new Plan(graph.build(output), config.build(), graph.trees(), processes, false, notes);
  }

  /** The app's files without installed modules, which belong to the machine that installed them. */
  private SourceTree source() throws IOException {
    if (!whole.hasDirectory("node_modules")) {
      return whole;
    }
    notes.add(
        "node_modules is in the repository and is not used: npm installs it. Add it to .gitignore.");
    return whole.only("without node_modules", path -> !path.startsWith("node_modules/"));
  }

  private String copyAll(String input, SourceTree source) {
    return graph.copy("Copying the app", copy(input, source).addSources("."));
  }

  private String copyInputs(String input, SourceTree source) throws IOException {
    CopyOp.Builder copy = copy(input, source);
    for (String file : INSTALL_INPUTS) {
      if (source.find(file).isPresent()) {
        copy.addSources(file);
      }
    }
    return graph.copy("Copying " + String.join(", ", copy.getSourcesList()), copy);
  }

  private CopyOp.Builder copy(String input, SourceTree source) {
    return CopyOp.newBuilder()
        .setInput(input)
        .setFrom(graph.tree(source, ""))
        .setDestination(APP + "/")
        .setOwner(USER);
  }

  private List<String> installCommand(boolean builds) throws IOException {
    boolean locked =
        whole.find("package-lock.json").isPresent()
            || whole.find("npm-shrinkwrap.json").isPresent();
    if (!locked) {
      notes.add(
          "There is no package-lock.json, so each build may get other versions. Run npm install"
              + " and commit the file.");
    }
    return List.of("npm", locked ? "ci" : "install", builds ? "--include=dev" : "--omit=dev");
  }

  private String npm(String input, List<String> argv, boolean usesCache) {
    Environment env =
        environment()
            .set("npm_config_cache", NPM_CACHE)
            .set("npm_config_update_notifier", "false")
            .set("npm_config_fund", "false")
            .set("npm_config_audit", "false")
            .setAll(options.buildEnv());
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
    if (usesCache) {
      exec.addCaches(CacheMount.newBuilder().setId("npm").setTarget(NPM_CACHE));
    }
    return graph.exec(String.join(" ", argv), exec);
  }

  private Environment environment() {
    Environment env = Environment.of(stack.getConfig().getEnvList());
    String path = env.get("PATH");
    return env.set("PATH", APP + "/node_modules/.bin:" + (path == null ? DEFAULT_PATH : path))
        .set("NODE_ENV", "production");
  }

  private void checkVersion() {
    String range = json.nodeRange();
    String version = Environment.of(stack.getConfig().getEnvList()).get(NODE_VERSION);
    if (range.isEmpty() || version == null) {
      return;
    }
    if (!VersionRange.contains(range, version).orElse(false)) {
      notes.add(
          "package.json asks for Node "
              + Problem.printable(range)
              + "; the stack has "
              + version
              + ", which is used. Use a Dockerfile for another version.");
    }
  }

  private void checkManager() throws IOException {
    String manager = json.packageManager();
    if (manager.isEmpty()) {
      manager =
          whole.find("yarn.lock").isPresent()
              ? "yarn"
              : whole.find("pnpm-lock.yaml").isPresent() ? "pnpm" : "npm";
    }
    if (!manager.equals("npm")) {
      notes.add(
          "The app is made for "
              + Problem.printable(manager)
              + "; npm installs it, without that lock file.");
    }
  }
}
