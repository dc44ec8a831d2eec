package dev.paas.builder.buildpack.node;

import dev.paas.base.problem.Problem;
import dev.paas.builder.buildpack.nginx.Nginx;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Graph;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a Node app is built. Its layers are what the app asks for beside the stack; what was
 * installed, which depends on the manifests only and is reused while they stay the same; the app's
 * files; and what its build script made.
 */
final class NodeApp {

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The stack image says its version here, as the official node images do. */
  private static final String NODE_VERSION = "NODE_VERSION";

  private static final String MODULES = "node_modules";

  private final SourceTree source;
  private final PackageJson json;
  private final ManagerChoice choice;
  private final WantedNode node;
  private final InstallInputs inputs;
  private final Launch launch;
  private final Image stack;
  private final BuildOptions options;
  private final Graph graph;
  private final NodeSteps steps;
  private final boolean otherNode;
  private final boolean workspaces;
  private final boolean installs;
  private final List<String> notes = new ArrayList<>();

  private NodeApp(SourceTree whole, BaseImages images, BuildOptions options) throws IOException {
    this.options = options;
    this.source = withoutModules(whole);
    String text = SourceFiles.text(whole, PackageJson.NAME, options.limits()).orElse("{}");
    this.json = PackageJson.parse(text);
    this.choice = ManagerChoice.of(json, source);
    this.node = WantedNode.of(json, source, options.limits());
    this.inputs = InstallInputs.of(json, source, options.limits());
    this.launch = Launch.of(json, choice.manager(), source, options.limits());
    this.stack = images.resolve(options.stack());
    this.graph = new Graph(options.limits().maxGraph().bytes());
    String version = Environment.of(stack.getConfig().getEnvList()).get(NODE_VERSION);
    this.otherNode = version != null && !node.takes(version);
    this.workspaces = inputs.workspaces();
    this.installs = json.installsAnything() || workspaces;
    this.steps = new NodeSteps(graph, options, environment());
  }

  static Plan plan(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    return new NodeApp(tree, images, options).plan();
  }

  private Plan plan() throws IOException {
    for (String ignored : choice.ignored()) {
      notes.add(
          ignored
              + " is not used: package.json asks for "
              + Problem.printable(json.packageManager())
              + ".");
    }
    String base = graph.image(stack.getDigest(), options.stack());
    String app = programs(base);
    app = graph.makeDirectory("Preparing " + NodeSteps.APP, app, NodeSteps.APP, NodeSteps.USER);
    if (installs) {
      app = inputs.wholeTree() ? copyAll(app) : copyInputs(app);
      app = install(app);
    }
    if (!installs || !inputs.wholeTree()) {
      app = copyAll(app);
    }
    String build = json.buildScript();
    if (!build.isEmpty()) {
      app = build(app, build);
    }
    if (launch.site().isPresent()) {
      String image = BuiltSite.image(graph, steps, base, app, launch.site().get());
      return new Plan(
          graph.build(image), Nginx.config(stack), graph.trees(), Nginx.processes(), false, notes);
    }
    return finished(installs ? prune(app) : app);
  }

  /** The Node and the package manager that the stack does not have. */
  private String programs(String base) {
    boolean tools = otherNode || launch.site().isPresent() || (installs && followsLock());
    String app = tools ? Tools.added(graph, base) : base;
    if (otherNode) {
      app = steps.program("Installing Node " + node.range(), app, node.install());
    }
    if (!choice.version().isEmpty() && (installs || choice.locked())) {
      String spec = choice.manager().packageName() + "@" + choice.version();
      List<String> argv =
          List.of(
              "npm",
              "install",
              "--global",
              "--prefix=/usr/local",
              "--no-audit",
              "--no-fund",
              "--loglevel=error",
              spec);
      app = steps.program("Installing " + spec, app, argv);
    }
    return app;
  }

  private String install(String input) {
    Manager manager = choice.manager();
    if (!choice.locked()) {
      notes.add(
          "There is no "
              + manager.locks().get(0)
              + ", so each build may get other versions. Run "
              + manager.program()
              + " install and commit the file.");
    }
    List<String> argv = manager.install(choice.locked(), installsDevelopment());
    return followsLock()
        ? steps.install(manager, input, argv, choice.lock())
        : steps.manager(manager, input, argv);
  }

  /** npm says itself what is wrong with its lock file, and what to do. */
  private boolean followsLock() {
    return choice.locked() && choice.manager() != Manager.NPM;
  }

  /** Scripts of the installation are run by whoever writes the app, who has them all. */
  private boolean installsDevelopment() {
    return !json.buildScript().isEmpty()
        || (json.hasInstallScripts() && json.hasDevelopmentDependencies())
        || choice.manager() == Manager.BERRY
        || launch.needs().isPresent();
  }

  private String build(String input, String script) {
    String app = input;
    List<String> kept = new ArrayList<>(Framework.caches(json));
    for (String folder : kept) {
      String parent = NodeSteps.APP + "/" + folder.substring(0, folder.lastIndexOf('/'));
      app = graph.makeDirectory("Preparing " + parent, app, parent, NodeSteps.USER);
    }
    if (installs && !plugNPlay()) {
      kept.add(MODULES + "/.cache");
    }
    return steps.script(choice.manager(), app, script, kept);
  }

  private String prune(String input) {
    if (!(json.hasDevelopmentDependencies() || workspaces) || !installsDevelopment()) {
      return input;
    }
    if (launch.needs().isPresent()) {
      notes.add(
          "The start needs "
              + Problem.printable(launch.needs().get())
              + ", a development dependency, so all of these stay in the image. Make it one of the"
              + " dependencies.");
      return input;
    }
    Optional<List<String>> prune = choice.manager().prune(choice.version());
    return canPrune() && prune.isPresent()
        ? steps.manager(choice.manager(), input, prune.get())
        : input;
  }

  /** Some install anew to take something away, with the risk of losing what scripts have made. */
  private boolean canPrune() {
    return switch (choice.manager()) {
      case NPM -> true;
      case YARN, BERRY -> choice.locked();
      case PNPM -> choice.locked() && !workspaces;
      case BUN -> choice.locked() && !json.hasInstallScripts();
    };
  }

  private Plan finished(String output) {
    ImageConfig.Builder config =
        stack.getConfig().toBuilder()
            .clearEnv()
            .addAllEnv(environment().setAll(Framework.variables(json)).entries())
            .setUser(NodeSteps.USER)
            .setWorkingDir(NodeSteps.APP)
            .clearEntrypoint()
            .clearCmd();
    Launch start = plugNPlay() ? launch.through("yarn") : launch;
    config.addAllCmd(start.argv());
    return new Plan(
        graph.build(output), config.build(), graph.trees(), start.processes(), false, notes);
  }

  /** The app's files without installed modules, which belong to the machine that installed them. */
  private SourceTree withoutModules(SourceTree whole) throws IOException {
    if (!whole.hasDirectory(MODULES)) {
      return whole;
    }
    notes.add(
        "node_modules is in the repository and is not used: it is installed anew. Add it to"
            + " .gitignore.");
    return whole.only("without node_modules", path -> !path.startsWith(MODULES + "/"));
  }

  private String copyAll(String input) {
    return graph.copy("Copying the app", copy(input).addSources("."));
  }

  private String copyInputs(String input) {
    CopyOp.Builder copy = copy(input).addAllSources(inputs.sources()).setParents(inputs.folders());
    return graph.copy("Copying " + String.join(", ", inputs.sources()), copy);
  }

  private CopyOp.Builder copy(String input) {
    return CopyOp.newBuilder()
        .setInput(input)
        .setFrom(graph.tree(source, ""))
        .setDestination(NodeSteps.APP + "/")
        .setOwner(NodeSteps.USER);
  }

  private boolean plugNPlay() {
    return choice.manager() == Manager.BERRY && choice.plugNPlay();
  }

  private Environment environment() {
    Environment env = Environment.of(stack.getConfig().getEnvList());
    String path = env.get("PATH");
    String programs = otherNode ? WantedNode.PREFIX + "/bin:" : "";
    return env.set(
            "PATH",
            NodeSteps.APP + "/node_modules/.bin:" + programs + (path == null ? DEFAULT_PATH : path))
        .set("NODE_ENV", "production")
        .setAll(choice.manager().always());
  }
}
