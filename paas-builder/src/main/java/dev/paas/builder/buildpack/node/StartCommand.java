package dev.paas.builder.buildpack.node;

import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a Node app starts when its Procfile does not say. */
final class StartCommand {

  /** A start script that needs neither a shell nor npm. */
  private static final Pattern PLAIN_NODE = Pattern.compile("node( +[A-Za-z0-9_@%+=:,./-]+)+");

  private StartCommand() {}

  /**
   * The argument vector: the script {@code start}, the file {@code main}, index.js, server.js or
   * app.js.
   */
  static Optional<List<String>> of(PackageJson json, SourceTree tree) throws IOException {
    String start = json.script("start");
    if (!start.isEmpty()) {
      boolean plain =
          PLAIN_NODE.matcher(start).matches()
              && json.script("prestart").isEmpty()
              && json.script("poststart").isEmpty();
      // npm costs a quarter of a second and 40 MB in each instance, and only passes signals on.
      return Optional.of(plain ? Arrays.asList(start.split(" +")) : List.of("npm", "start"));
    }
    String main = json.main();
    if (!main.isEmpty() && !main.startsWith("-")) {
      return Optional.of(List.of("node", main));
    }
    for (String file : List.of("index.js", "server.js", "app.js")) {
      if (tree.find(file).isPresent()) {
        return Optional.of(List.of("node", file));
      }
    }
    return Optional.empty();
  }
}
