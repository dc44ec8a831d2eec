package dev.paas.builder.buildpack.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Judges scripts of package.json by their words; what it does not know, it takes for a server. */
final class ScriptWords {

  /** No subcommand, or an option in its place. */
  private static final String NONE = "";

  /** Programs that serve what is being written, by the subcommands with which they do. */
  private static final Map<String, Set<String>> DEVELOPMENT_SERVERS =
      Map.ofEntries(
          Map.entry("vite", Set.of(NONE, "dev", "serve", "preview")),
          Map.entry("react-scripts", Set.of("start")),
          Map.entry("react-app-rewired", Set.of("start")),
          Map.entry("craco", Set.of("start")),
          Map.entry("ng", Set.of("serve", "s", "dev")),
          Map.entry("vue-cli-service", Set.of("serve")),
          Map.entry("astro", Set.of(NONE, "dev", "start", "preview")),
          Map.entry("next", Set.of(NONE, "dev")),
          Map.entry("nuxt", Set.of(NONE, "dev", "preview")),
          Map.entry("nuxi", Set.of("dev", "preview")),
          Map.entry("gatsby", Set.of("develop", "serve", "start")),
          Map.entry("docusaurus", Set.of("start", "serve")),
          Map.entry("eleventy", Set.of(NONE)),
          Map.entry("webpack", Set.of("serve")),
          Map.entry("webpack-dev-server", Set.of(NONE)),
          Map.entry("parcel", Set.of(NONE, "serve", "watch")),
          Map.entry("rsbuild", Set.of(NONE, "dev", "preview")),
          Map.entry("remix", Set.of("dev", "vite:dev")),
          Map.entry("react-router", Set.of("dev")),
          Map.entry("vinxi", Set.of("dev")));

  /** Programs whose package is called otherwise. */
  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("tsc", "typescript"),
          Map.entry("ng", "@angular/cli"),
          Map.entry("nest", "@nestjs/cli"),
          Map.entry("vue-cli-service", "@vue/cli-service"),
          Map.entry("babel-node", "@babel/node"),
          Map.entry("babel", "@babel/cli"),
          Map.entry("swc-node", "@swc-node/register"),
          Map.entry("eleventy", "@11ty/eleventy"),
          Map.entry("docusaurus", "@docusaurus/core"),
          Map.entry("remix-serve", "@remix-run/serve"),
          Map.entry("react-router-serve", "@react-router/serve"));

  private static final Set<String> RUNNERS = Set.of("npm", "yarn", "pnpm", "bun");
  private static final Set<String> WRAPPERS =
      Set.of("npx", "bunx", "pnpx", "cross-env", "exec", "env", "run", "--bun", "dotenv", "--");

  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*");
  private static final Pattern NO_NAME = Pattern.compile("[^A-Za-z0-9@/_.-]+");

  /** How many scripts lead to one another, each by name, before it is left alone. */
  private static final int MAX_DEPTH = 4;

  private ScriptWords() {}

  /** Whether the last thing that a script starts is a server for whoever writes the app. */
  static boolean startsDevelopmentServer(PackageJson json, String script) {
    return startsDevelopmentServer(json, script, MAX_DEPTH);
  }

  private static boolean startsDevelopmentServer(PackageJson json, String script, int depth) {
    List<String> words = command(lastOf(json.script(script)));
    if (words.isEmpty() || depth == 0) {
      return false;
    }
    Optional<String> called = called(json, words);
    if (called.isPresent()) {
      return startsDevelopmentServer(json, called.get(), depth - 1);
    }
    String program = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
    String second = words.size() > 1 ? words.get(1) : NONE;
    return DEVELOPMENT_SERVERS
        .getOrDefault(program, Set.of())
        .contains(second.startsWith("-") ? NONE : second);
  }

  /** The first development dependency among the words of a command and of the scripts it runs. */
  static Optional<String> developmentDependency(PackageJson json, String command) {
    // Each script once: they may call one another, and many times.
    Set<String> met = new HashSet<>();
    Deque<String> left = new ArrayDeque<>(List.of(command));
    while (!left.isEmpty()) {
      for (String part : left.remove().split("&&|\\|\\||[;|&]")) {
        List<String> words = command(part);
        Optional<String> called = called(json, words);
        if (called.isPresent()) {
          if (met.add(called.get())) {
            left.add(json.script(called.get()));
          }
          continue;
        }
        Optional<String> found =
            words.stream()
                .flatMap(NO_NAME::splitAsStream)
                .map(ScriptWords::packageOf)
                .filter(json::developsWith)
                .findFirst();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** {@code @scope/name} or {@code name}, of a program or of a module in it. */
  private static String packageOf(String word) {
    String module = word.startsWith("node_modules/.bin/") ? word.substring(18) : word;
    String[] parts = module.split("/", 3);
    String name = module.startsWith("@") && parts.length > 1 ? parts[0] + "/" + parts[1] : parts[0];
    return PACKAGES.getOrDefault(name, name);
  }

  /** The script that a command of a package manager runs. */
  private static Optional<String> called(PackageJson json, List<String> words) {
    if (words.isEmpty() || !RUNNERS.contains(words.get(0))) {
      return Optional.empty();
    }
    return words.stream()
        .skip(1)
        .filter(word -> !WRAPPERS.contains(word) && !word.startsWith("-"))
        .findFirst()
        .filter(name -> !json.script(name).isEmpty());
  }

  private static String lastOf(String script) {
    String[] parts = script.split("&&|\\|\\||[;|&]");
    return parts.length == 0 ? "" : parts[parts.length - 1];
  }

  /** The words of one command, without what is only set or wrapped before it. */
  private static List<String> command(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.strip().split("\\s+")) {
      boolean prefix = ASSIGNMENT.matcher(word).matches() || WRAPPERS.contains(word);
      if (!word.isEmpty() && !(words.isEmpty() && prefix)) {
        words.add(word);
      }
    }
    return words;
  }
}
