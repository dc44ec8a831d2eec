package dev.paas.builder.buildpack.go;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.buildpack.AppSteps;
import dev.paas.builder.buildpack.AppSteps.Cache;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.Image;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Go app: its programs are compiled on the image with the toolchain, where modules and compiled
 * packages are kept between builds; they and the app's other files are what runs, on an image with
 * nothing of Go.
 */
final class GoApp {

  private static final String VERSION = "GO_VERSION";
  private static final String BINARIES = AppSteps.APP + "/bin";
  private static final String GO = "/usr/local/go/bin";

  private static final List<Cache> CACHES =
      List.of(
          new Cache("go-build", AppSteps.HOME + "/.cache"), new Cache("go", AppSteps.HOME + "/go"));

  /** Modules that are nothing without C. */
  private static final List<String> MODULES_OF_C = List.of("github.com/mattn/go-sqlite3 ");

  private final SourceTree source;
  private final BuildOptions options;
  private final Image runs;
  private final Image builds;
  private final GoFile file;
  private final String requirements;
  private final List<String> notes = new ArrayList<>();

  GoApp(SourceTree source, BaseImages images, BuildOptions options) throws IOException {
    this.source = source;
    this.options = options;
    this.runs = images.resolve(options.stacks().go());
    this.builds = images.resolve(options.stacks().goBuild());
    boolean workspace = source.find(GoFile.WORKSPACE).isPresent();
    String name = workspace ? GoFile.WORKSPACE : GoFile.MODULE;
    this.requirements = SourceFiles.text(source, GoFile.MODULE, options.limits()).orElse("");
    this.file = GoFile.parse(name, SourceFiles.text(source, name, options.limits()).orElse(""));
  }

  Plan plan() throws IOException {
    noteVersion();
    List<String> modules = file.uses().isEmpty() ? List.of(".") : file.uses();
    MainPackages mains = MainPackages.find(source, modules, options.limits());
    Map<String, String> programs = programs(mains);
    AppSteps steps = new AppSteps(options);
    String built = steps.copyAll(steps.begin(builds, options.stacks().goBuild()), source);
    Environment env = environment(mains.callC());
    for (Map.Entry<String, String> program : programs.entrySet()) {
      built = compile(steps, built, program.getKey(), program.getValue(), env);
    }
    String app = steps.begin(runs, options.stacks().go());
    app = steps.copyAll(app, withoutSources());
    app = steps.take(app, built, BINARIES);
    Optional<String> start =
        AppSteps.hasWebLine(source, options.limits()) ? Optional.empty() : start(programs);
    start.ifPresent(line -> notes.add("No Procfile says how it starts: " + line));
    return steps.plan(app, runs, AppSteps.environment(runs, BINARIES), start, notes);
  }

  private void noteVersion() {
    String version = Environment.of(builds.getConfig().getEnvList()).get(VERSION);
    if (version == null) {
      return; // not known yet
    }
    if (GoFile.compare(file.version(), version) > 0) {
      notes.add(
          "Go "
              + Problem.printable(file.version())
              + ", which the app asks for, is fetched: the stack has "
              + version
              + ".");
    } else {
      notes.add(
          file.version().isEmpty()
              ? "Go " + version + ", the stack's, because nothing asks for a version."
              : "Go " + version + ": " + Problem.printable(file.version()) + " or newer is asked.");
    }
  }

  /** The binaries and the folders of their packages. */
  private Map<String, String> programs(MainPackages mains) {
    Map<String, String> programs = new TreeMap<>();
    List<String> wanted =
        file.installs().isEmpty() ? List.copyOf(mains.folders()) : file.installs();
    // A program in the root is the app; what lies in cmd beside it are its tools.
    if (file.installs().isEmpty() && mains.folders().contains(".")) {
      wanted = List.of(".");
    }
    for (String folder : wanted) {
      String name = folder.substring(folder.lastIndexOf('/') + 1);
      programs.put(folder.equals(".") ? file.binary() : name, folder);
    }
    if (programs.isEmpty()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "go.no-main",
              "No package main is in the root of the module or in a folder of its cmd",
              file.module(),
              "Add one, or name it in go.mod: // +heroku install ./path/to/it.")
          .asException();
    }
    return programs;
  }

  private Environment environment(boolean callsC) {
    boolean withC = callsC || MODULES_OF_C.stream().anyMatch(requirements::contains);
    if (withC) {
      notes.add("cgo is on: the app calls C.");
    }
    return AppSteps.environment(builds, GO)
        .set("CGO_ENABLED", withC ? "1" : "0")
        .set("GOPROXY", options.toolchains().goProxy())
        .set("GOSUMDB", options.toolchains().goSums())
        .set("GOTOOLCHAIN", "auto");
  }

  private static String compile(
      AppSteps steps, String input, String name, String folder, Environment env) {
    List<String> argv =
        List.of(
            "go",
            "build",
            "-trimpath",
            "-ldflags=-s -w",
            "-o",
            BINARIES + "/" + name,
            folder.equals(".") ? "." : "./" + folder);
    return steps.run("go build " + argv.get(argv.size() - 1), input, argv, env, CACHES);
  }

  /** What a program may read when it runs: templates, pages, migrations. */
  private SourceTree withoutSources() throws IOException {
    if (source.hasDirectory("vendor")) {
      notes.add("The modules in vendor are used; none is fetched.");
    }
    notes.add("Left out of the image: Go's sources and vendor.");
    return source.only(
        "without Go's sources", path -> !path.endsWith(".go") && !path.startsWith("vendor/"));
  }

  private Optional<String> start(Map<String, String> programs) {
    for (String name : List.of("web", "server")) {
      if (programs.containsKey(name)) {
        return Optional.of("bin/" + name);
      }
    }
    if (programs.size() == 1) {
      return Optional.of("bin/" + programs.keySet().iterator().next());
    }
    notes.add(
        "There are several programs, "
            + String.join(", ", programs.keySet())
            + ": name one in a Procfile, like web: bin/NAME.");
    return Optional.empty();
  }
}
