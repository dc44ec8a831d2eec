package dev.paas.builder.buildpack.node;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.source.SourceTree;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a Node app starts when its Procfile does not say. */
final class StartCommand {

  /** A word that means nothing to a shell. */
  private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  /** No start script that people write is longer, in characters. */
  private static final int MAX_PLAIN = 4096;

  private StartCommand() {}

  /**
   * The argument vector: the script {@code start}, the file {@code main}, index.js, server.js or
   * app.js.
   */
  static Optional<List<String>> of(PackageJson json, SourceTree tree) throws IOException {
    String start = json.script("start");
    if (!start.isEmpty()) {
      boolean plain =
          isPlainNode(start)
              && json.script("prestart").isEmpty()
              && json.script("poststart").isEmpty();
      // npm costs a quarter of a second and 40 MB in each instance, and only passes signals on.
      return Optional.of(plain ? Arrays.asList(start.split(" +")) : List.of("npm", "start"));
    }
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

  /** A start script that needs neither a shell nor npm. */
  private static boolean isPlainNode(String start) {
    if (start.length() > MAX_PLAIN) {
      return false;
    }
    String[] words = start.split(" +");
    return words.length > 1
        && words[0].equals("node")
        && Arrays.stream(words).allMatch(word -> PLAIN_WORD.matcher(word).matches());
  }
}
