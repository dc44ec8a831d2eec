package dev.paas.builder.buildpack.staticsite;

import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.List;
import java.util.Locale;

/**
 * The options of a static site, one {@code key: value} a line.
 *
 * @param root the folder that is served, relative to the repository; {@code .} for all of it
 * @param fallback serve index.html where there is no such file, for apps that route in the browser
 */
record Staticfile(String root, boolean fallback) {

  private static final List<String> KEYS = List.of("root", "index_fallback", "pushstate");
  private static final List<String> TRUE = List.of("true", "yes", "on", "enabled");
  private static final List<String> FALSE = List.of("false", "no", "off", "disabled");

  /** PATH_MAX of Linux without the NUL. */
  private static final int MAX_PATH = 4095;

  static Staticfile parse(String text, String defaultRoot) {
    String root = defaultRoot;
    boolean fallback = false;
    int number = 0;
    for (String raw : text.split("\r?\n", -1)) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#") || line.equals("---")) {
        continue;
      }
      int colon = line.indexOf(':');
      String key = colon < 0 ? line : line.substring(0, colon).strip();
      String value = colon < 0 ? "" : line.substring(colon + 1).strip();
      switch (key) {
        case "root" -> root = root(value, number);
        case "index_fallback", "pushstate" -> fallback = flag(key, value, number);
        default ->
            throw problem(
                number,
                "has an unknown option",
                key,
                Nearest.to(key, KEYS)
                    .map(near -> "Did you mean " + near + "?")
                    .orElse("Use " + String.join(", ", KEYS) + "."));
      }
    }
    return new Staticfile(root, fallback);
  }

  private static String root(String value, int line) {
    int begin = 0;
    while (value.startsWith("./", begin)) {
      begin += 2;
    }
    int end = value.length();
    while (end > begin && value.charAt(end - 1) == '/') {
      end--;
    }
    String path = value.substring(begin, end);
    if (path.length() > MAX_PATH) {
      throw problem(
          line, "names a root that no folder can have", value, "Name a folder of the repository.");
    }
    if (path.isEmpty() || path.equals(".")) {
      return ".";
    }
    if (path.startsWith("/") || List.of(path.split("/")).contains("..")) {
      throw problem(
          line,
          "names a root outside the repository",
          value,
          "Name a folder of the repository, e.g. root: public.");
    }
    return path;
  }

  private static boolean flag(String key, String value, int line) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (TRUE.contains(lower)) {
      return true;
    }
    if (FALSE.contains(lower)) {
      return false;
    }
    throw problem(
        line, "has a value that is neither true nor false", value, "Write " + key + ": true.");
  }

  private static PaasException problem(int line, String what, String value, String fix) {
    return Problem.of(
            Kind.INVALID, "staticfile.bad-line", "Staticfile:" + line + " " + what, value, fix)
        .asException();
  }
}
