package dev.paas.builder.buildpack.python;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.buildpack.AppSteps;
import dev.paas.builder.plan.BaseImages;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.Image;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Python app: its packages are installed into a virtual environment on the image with compilers,
 * from the manifests only, so that they are used again while these stay the same; the environment
 * and the app's files are what runs, on the image without.
 */
final class PythonApp {

  private static final String VERSION = "PYTHON_VERSION";
  private static final List<String> ENVIRONMENTS = List.of(".venv", "venv");

  private final SourceTree source;
  private final BuildOptions options;
  private final Image runs;
  private final Image builds;
  private final Manifest project;
  private final Manifest pipfile;
  private final Requirements requirements;
  private final List<String> notes = new ArrayList<>();

  PythonApp(SourceTree tree, BaseImages images, BuildOptions options) throws IOException {
    this.options = options;
    this.runs = images.resolve(options.stacks().python());
    this.builds = images.resolve(options.stacks().pythonBuild());
    this.project = Manifest.read(tree, "pyproject.toml", options.limits());
    this.pipfile = Manifest.read(tree, "Pipfile", options.limits());
    this.requirements = Requirements.read(tree, options.limits());
    this.source = withoutEnvironments(tree);
  }

  Plan plan() throws IOException {
    chooseVersion();
    Manager manager = Manager.of(source, project);
    AppSteps steps = new AppSteps(options);
    Environment env = environment(runs);
    String app = steps.begin(runs, options.stacks().python());
    Installation installation = new Installation(source, manager, project, requirements, notes);
    if (installation.isNeeded()) {
      String begun = steps.begin(builds, options.stacks().pythonBuild());
      String installed =
          installation.install(
              steps,
              begun,
              environment(builds)
                  .set("PIP_PROGRESS_BAR", "off")
                  .set("PIP_DISABLE_PIP_VERSION_CHECK", "1"));
      app = steps.take(app, installed, Installation.ENVIRONMENT);
    }
    app = steps.copyAll(app, source);
    Set<String> packages = Packages.of(source, project, pipfile, requirements, options.limits());
    Optional<Django> django =
        packages.contains("django") ? Django.find(source, options.limits()) : Optional.empty();
    if (django.isPresent() && django.get().collects()) {
      app = collectStatic(steps, app, env);
    }
    Optional<String> start =
        AppSteps.hasWebLine(source, options.limits())
            ? Optional.empty()
            : new Start(source, packages, notes).command(django, options.limits());
    start.ifPresent(line -> notes.add("No Procfile says how it starts: " + line));
    return steps.plan(app, runs, env, start, notes);
  }

  private String collectStatic(AppSteps steps, String app, Environment env) {
    String disabled = options.buildEnv().getOrDefault("DISABLE_COLLECTSTATIC", "");
    if (!disabled.isEmpty() && !disabled.equals("0")) {
      notes.add("collectstatic is left out: the build var DISABLE_COLLECTSTATIC is set.");
      return app;
    }
    return steps.run(
        app, List.of("python", Django.SCRIPT, "collectstatic", "--noinput"), env, List.of());
  }

  private static Environment environment(Image image) {
    return AppSteps.environment(image, Installation.ENVIRONMENT + "/bin")
        .set("VIRTUAL_ENV", Installation.ENVIRONMENT)
        .set("PYTHONUNBUFFERED", "1")
        .set("LANG", "C.UTF-8")
        // Nothing but the router reaches an instance: what it says of the client is true.
        .set("FORWARDED_ALLOW_IPS", "*");
  }

  /** The app's files without environments that belong to the machine that made them. */
  private SourceTree withoutEnvironments(SourceTree tree) throws IOException {
    List<String> found = new ArrayList<>();
    for (String folder : ENVIRONMENTS) {
      if (tree.find(folder + "/pyvenv.cfg").isPresent()) {
        found.add(folder);
        notes.add(folder + " is in the repository and is not used. Add it to .gitignore.");
      }
    }
    return found.isEmpty()
        ? tree
        : tree.only(
            "without " + found,
            path -> found.stream().noneMatch(folder -> path.startsWith(folder + "/")));
  }

  private void chooseVersion() throws IOException {
    Optional<VersionRequest> request =
        VersionRequest.of(source, project, pipfile, options.limits());
    String version = Environment.of(runs.getConfig().getEnvList()).get(VERSION);
    if (version == null) {
      return; // not known yet
    }
    if (request.isEmpty()) {
      notes.add("Python " + version + ", the stack's, because nothing asks for a version.");
      return;
    }
    String asked = request.get().file() + " asks for " + Problem.printable(request.get().text());
    switch (request.get().answeredBy(version)) {
      case FITS -> notes.add("Python " + version + ": " + asked + ".");
      case OTHER_PATCH ->
          notes.add("Python " + version + ": " + asked + ", of which it is another patch level.");
      case NOT_UNDERSTOOD ->
          notes.add("Python " + version + ", the stack's: " + asked + ", which is not understood.");
      case DIFFERS -> {
        if (!options.toolchains().nearest()) {
          throw Problem.of(
                  Kind.IMPOSSIBLE,
                  "python.no-version",
                  request.get().file()
                      + " asks for a version of Python that is not there (there is "
                      + version
                      + ")",
                  request.get().text(),
                  "Ask for that one, set toolchains.nearest, or use a Dockerfile.")
              .asException();
        }
        notes.add("Python " + version + ", the nearest there is: " + asked + ".");
      }
    }
  }
}
