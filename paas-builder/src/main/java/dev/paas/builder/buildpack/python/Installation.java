package dev.paas.builder.buildpack.python;

import dev.paas.builder.buildpack.AppSteps;
import dev.paas.builder.buildpack.AppSteps.Cache;
import dev.paas.builder.plan.Environment;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The steps that install an app's packages into a virtual environment. */
final class Installation {

  /** Also where uv, Poetry and Pipenv make it, and where it is in the app's image. */
  static final String ENVIRONMENT = AppSteps.APP + "/.venv";

  private static final String TOOLS = AppSteps.HOME + "/tools";
  private static final List<String> PIP_INSTALL = List.of("pip", "install", "--no-input");

  /** All of them keep what they have downloaded below it. */
  private static final List<Cache> CACHES = List.of(new Cache("python", AppSteps.HOME + "/.cache"));

  /** What managers read beside the source, as far as it is there. */
  private static final List<String> INPUTS =
      List.of(
          "pyproject.toml",
          "uv.lock",
          "uv.toml",
          "poetry.lock",
          "poetry.toml",
          "Pipfile",
          "Pipfile.lock",
          ".python-version");

  private final SourceTree source;
  private final Manager manager;
  private final Manifest project;
  private final Requirements requirements;
  private final List<String> notes;

  /**
   * @param notes gets what whoever pushed should know
   */
  Installation(
      SourceTree source,
      Manager manager,
      Manifest project,
      Requirements requirements,
      List<String> notes) {
    this.source = source;
    this.manager = manager;
    this.project = project;
    this.requirements = requirements;
    this.notes = notes;
  }

  /** False when the app has nothing but its own files. */
  boolean isNeeded() throws IOException {
    return manager != Manager.PIP
        || !requirements.files().isEmpty()
        || has("setup.py")
        || isPackage()
        || !project.texts("project", "dependencies").isEmpty();
  }

  /** The app itself is a package, which its build backend makes of all its files. */
  private boolean isPackage() {
    return project.has("build-system") && project.has("project");
  }

  private boolean has(String file) throws IOException {
    return source.find(file).isPresent();
  }

  /**
   * @param begun a node with the image that has compilers
   * @return the node whose files have the environment
   */
  String install(AppSteps steps, String begun, Environment env) throws IOException {
    return switch (manager) {
      case PIP -> byPip(steps, begun, env);
      case UV -> byUv(steps, withTool(steps, begun, env), env);
      case POETRY -> byPoetry(steps, withTool(steps, begun, env), env);
      case PIPENV -> byPipenv(steps, withTool(steps, begun, env), env);
    };
  }

  private String byPip(AppSteps steps, String begun, Environment env) throws IOException {
    String made = steps.run(begun, List.of("python3", "-m", "venv", ENVIRONMENT), env, List.of());
    if (!requirements.files().isEmpty()) {
      notes.add("pip installs what requirements.txt says.");
      String copied =
          requirements.local()
              ? steps.copyAll(made, source)
              : steps.copy(made, source, requirements.files());
      return steps.run(copied, pip("-r", Requirements.FILE), env, CACHES);
    }
    if (isPackage() || project.texts("project", "dependencies").isEmpty()) {
      notes.add("pip installs the app as a package, with what it depends on.");
      return steps.run(steps.copyAll(made, source), pip("."), env, CACHES);
    }
    notes.add(
        "pip installs the dependencies of pyproject.toml. There is no lock file, so each build may"
            + " get other versions.");
    List<String> argv = new ArrayList<>(PIP_INSTALL);
    argv.add("--");
    argv.addAll(project.texts("project", "dependencies"));
    return steps.run("pip install the project's dependencies", made, argv, env, CACHES);
  }

  private static List<String> pip(String... more) {
    List<String> argv = new ArrayList<>(PIP_INSTALL);
    argv.addAll(List.of(more));
    return argv;
  }

  /** The manager in an environment of its own, which does not get into the app's image. */
  private String withTool(AppSteps steps, String begun, Environment env) {
    return steps.run(
        "pip install " + manager.requirement(),
        begun,
        List.of(
            "/bin/sh",
            "-c",
            "python3 -m venv "
                + TOOLS
                + " && "
                + TOOLS
                + "/bin/pip install --no-input --quiet "
                + manager.requirement()),
        env,
        CACHES);
  }

  private String byUv(AppSteps steps, String tool, Environment env) throws IOException {
    notes.add("uv installs what uv.lock says.");
    List<String> argv =
        new ArrayList<>(List.of("uv", "sync", "--locked", "--no-dev", "--no-editable"));
    boolean whole = project.has("build-system") || project.has("tool", "uv", "workspace");
    if (!whole) {
      argv.add("--no-install-project");
    }
    env.set("UV_PYTHON", "/usr/bin/python3")
        .set("UV_PYTHON_DOWNLOADS", "never")
        .set("UV_PROJECT_ENVIRONMENT", ENVIRONMENT)
        .set("UV_LINK_MODE", "copy")
        .set("UV_COMPILE_BYTECODE", "1")
        .set("UV_NO_PROGRESS", "1");
    return tool(steps, copied(steps, tool, whole), argv, env);
  }

  private String byPoetry(AppSteps steps, String tool, Environment env) throws IOException {
    if (has("poetry.lock")) {
      notes.add("Poetry installs what poetry.lock says.");
    } else {
      notes.add(
          "Poetry installs what pyproject.toml says. There is no poetry.lock, so each build may get"
              + " other versions. Run poetry lock and commit the file.");
    }
    env.set("POETRY_VIRTUALENVS_IN_PROJECT", "true");
    env = withoutEnvironment(env);
    List<String> argv =
        List.of(
            "poetry", "install", "--only", "main", "--no-root", "--no-interaction", "--no-ansi");
    return tool(steps, copied(steps, tool, false), argv, env);
  }

  private String byPipenv(AppSteps steps, String tool, Environment env) throws IOException {
    boolean locked = has("Pipfile.lock");
    notes.add(
        locked
            ? "Pipenv installs what Pipfile.lock says."
            : "Pipenv installs what the Pipfile says. There is no Pipfile.lock, so each build may"
                + " get other versions. Run pipenv lock and commit the file.");
    env.set("PIPENV_VENV_IN_PROJECT", "1").set("PIPENV_YES", "1").set("PIPENV_NOSPIN", "1");
    env = withoutEnvironment(env);
    List<String> argv =
        List.of("pipenv", "--python", "/usr/bin/python3", locked ? "sync" : "install");
    return tool(steps, copied(steps, tool, false), argv, env);
  }

  /** They make the environment themselves; told of one that is active, they would look for it. */
  private static Environment withoutEnvironment(Environment env) {
    return Environment.of(
        env.entries().stream().filter(entry -> !entry.startsWith("VIRTUAL_ENV=")).toList());
  }

  private String copied(AppSteps steps, String tool, boolean whole) throws IOException {
    if (whole) {
      return steps.copyAll(tool, source);
    }
    Set<String> files = new LinkedHashSet<>();
    for (String file : INPUTS) {
      if (has(file)) {
        files.add(file);
      }
    }
    return steps.copy(tool, source, List.copyOf(files));
  }

  private static String tool(AppSteps steps, String input, List<String> argv, Environment env) {
    List<String> command = new ArrayList<>(argv);
    command.set(0, TOOLS + "/bin/" + argv.get(0));
    return steps.run(String.join(" ", argv), input, command, env, CACHES);
  }
}
