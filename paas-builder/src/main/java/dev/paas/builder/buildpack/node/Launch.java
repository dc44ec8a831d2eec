package dev.paas.builder.buildpack.node;

import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.buildpack.node.Framework.Site;
import dev.paas.builder.plan.SourceFiles;
import dev.paas.builder.procfile.Command;
import dev.paas.builder.procfile.ProcessTable;
import dev.paas.builder.procfile.Procfile;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What becomes of a Node app that is built.
 *
 * @param argv what starts it; empty when nothing says so
 * @param site the files that are served instead of starting anything
 * @param needs a development dependency that the start needs; empty for none
 */
record Launch(List<String> argv, Optional<Site> site, Optional<String> needs) {

  /** A word that means nothing to a shell. */
  private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  /** No start script that people write is longer, in characters. */
  private static final int MAX_PLAIN = 4096;

  /** What others call the start of a server, where {@code start} is for whoever writes the app. */
  private static final List<String> PRODUCTION = List.of("start:prod", "start:production");

  private static final List<String> ENTRIES = List.of("index.js", "server.js", "app.js");

  /**
   * The Procfile, if it names processes; else the script {@code start}, unless it is a development
   * server; else the site or the server that the app's framework makes; else the file {@code main},
   * index.js, server.js or app.js.
   */
  static Launch of(
      PackageJson json, Manager manager, SourceTree tree, PlatformSettings.Planning limits)
      throws IOException {
    ProcessTable procfile =
        Procfile.parse(
            SourceFiles.text(tree, "Procfile", limits).orElse(""), limits.maxProcesses());
    if (procfile.runs()) {
      Optional<String> needs =
          procfile.commands().entrySet().stream()
              .filter(process -> !process.getKey().equals(ProcessTable.RELEASE))
              .map(process -> process.getValue().shown())
              .flatMap(line -> ScriptWords.developmentDependency(json, line).stream())
              .findFirst();
      boolean web = procfile.has(ProcessType.WEB);
      return new Launch(
          web ? List.of() : started(json, manager, tree).orElse(List.of()),
          Optional.empty(),
          needs);
    }
    Optional<String> script = script(json);
    if (script.isEmpty() && entry(json, tree).isEmpty()) {
      Optional<Site> site = Framework.site(json, tree, limits);
      if (site.isPresent()) {
        return new Launch(List.of(), site, Optional.empty());
      }
    }
    return new Launch(
        started(json, manager, tree).orElse(List.of()),
        Optional.empty(),
        script.flatMap(name -> ScriptWords.developmentDependency(json, json.script(name))));
  }

  /** The script that starts a server. */
  private static Optional<String> script(PackageJson json) {
    Optional<String> production =
        PRODUCTION.stream().filter(name -> !json.script(name).isEmpty()).findFirst();
    boolean start = !json.script("start").isEmpty();
    if (!start || ScriptWords.startsDevelopmentServer(json, "start")) {
      return production;
    }
    boolean needsTools = ScriptWords.developmentDependency(json, json.script("start")).isPresent();
    return needsTools && production.isPresent() ? production : Optional.of("start");
  }

  private static Optional<List<String>> started(PackageJson json, Manager manager, SourceTree tree)
      throws IOException {
    Optional<String> script = script(json);
    if (script.isPresent()) {
      return Optional.of(ofScript(json, manager, script.get()));
    }
    Optional<List<String>> entry = entry(json, tree);
    if (entry.isPresent()) {
      return entry;
    }
    Optional<List<String>> server = Framework.server(json);
    if (server.isPresent()) {
      return server;
    }
    if (!json.script("start").isEmpty()) {
      return Optional.of(ofScript(json, manager, "start"));
    }
    // A build may make it.
    return main(json);
  }

  private static List<String> ofScript(PackageJson json, Manager manager, String name) {
    String script = json.script(name);
    boolean plain =
        isPlainNode(script)
            && json.script("pre" + name).isEmpty()
            && json.script("post" + name).isEmpty();
    // npm costs a quarter of a second and 40 MB in each instance, and only passes signals on.
    return plain ? Arrays.asList(script.split(" +")) : manager.start(name);
  }

  /** The entry file that is in the repository. */
  private static Optional<List<String>> entry(PackageJson json, SourceTree tree)
      throws IOException {
    Optional<List<String>> main = main(json);
    boolean there =
        main.isPresent() && tree.find(json.main().replaceFirst("^\\./", "")).isPresent();
    return there || (main.isPresent() && json.buildScript().isEmpty())
        ? main
        : entry(ENTRIES, tree);
  }

  private static Optional<List<String>> entry(List<String> files, SourceTree tree)
      throws IOException {
    for (String file : files) {
      if (tree.find(file).isPresent()) {
        return Optional.of(List.of("node", file));
      }
    }
    return Optional.empty();
  }

  private static Optional<List<String>> main(PackageJson json) {
    String main = json.main();
    if (main.indexOf('\0') >= 0) {
      throw Problem.of(
              Kind.INVALID,
              "node.bad-package-json",
              "The main of package.json has a NUL character",
              main,
              "Remove it; no file name can hold it.")
          .asException();
    }
    return main.isEmpty() || main.startsWith("-")
        ? Optional.empty()
        : Optional.of(List.of("node", main));
  }

  /** A start script that needs neither a shell nor a package manager. */
  private static boolean isPlainNode(String start) {
    if (start.length() > MAX_PLAIN) {
      return false;
    }
    String[] words = start.split(" +");
    return words.length > 1
        && words[0].equals("node")
        && Arrays.stream(words).allMatch(word -> PLAIN_WORD.matcher(word).matches());
  }

  /** The same where only this program knows where the modules are. */
  Launch through(String program) {
    if (argv.isEmpty() || argv.get(0).equals(program)) {
      return this;
    }
    return new Launch(Stream.concat(Stream.of(program), argv.stream()).toList(), site, needs);
  }

  /** The processes that it starts by itself. */
  ProcessTable processes() {
    return argv.isEmpty()
        ? new ProcessTable(new TreeMap<>())
        : ProcessTable.web(Command.ofImage(List.of(), argv));
  }
}
