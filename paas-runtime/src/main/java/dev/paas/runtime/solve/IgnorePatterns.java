package dev.paas.runtime.solve;

import dev.paas.base.problem.Problem;
import dev.paas.runtime.linux.RawPath;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns of a {@code .dockerignore} (Docker's build context documentation): paths relative to the
 * root, {@code *} and {@code ?} within a segment, {@code **} over segments, {@code !} takes back,
 * and the last pattern that matches a path or one of its parents wins.
 */
final class IgnorePatterns {

  /** Far above what people write; bounds the work for each file. */
  private static final int MAX_PATTERNS = 1000;

  private record Rule(boolean excludes, Glob pattern) {}

  private final List<Rule> rules = new ArrayList<>();

  IgnorePatterns(List<String> patterns) {
    if (patterns.size() > MAX_PATTERNS) {
      throw Problem.of(
              "build.too-many-patterns",
              "There are more than " + MAX_PATTERNS + " patterns in the ignore file",
              "Name directories instead of single files.")
          .asException();
    }
    for (String line : patterns) {
      String text = line.strip();
      boolean excludes = !text.startsWith("!");
      String path = clean(excludes ? text : text.substring(1).strip());
      if (!path.isEmpty() && !text.startsWith("#")) {
        rules.add(new Rule(excludes, new Glob(RawPath.of(path))));
      }
    }
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Whether a raw path is left out. */
  boolean excludes(String path) {
    boolean excluded = false;
    for (Rule rule : rules) {
      // A rule that says what is already so changes nothing.
      if (rule.excludes() != excluded && matches(rule.pattern(), path)) {
        excluded = rule.excludes();
      }
    }
    return excluded;
  }

  private static boolean matches(Glob pattern, String path) {
    for (String at = path; !at.isEmpty(); at = RawPath.parent(at)) {
      if (pattern.matches(at)) {
        return true;
      }
    }
    return false;
  }

  private static String clean(String path) {
    List<String> out = new ArrayList<>();
    for (String segment : path.split("/")) {
      if (segment.equals("..")) {
        if (!out.isEmpty()) {
          out.remove(out.size() - 1);
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        out.add(segment);
      }
    }
    return String.join("/", out);
  }
}
