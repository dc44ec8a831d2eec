package dev.paas.runtime.solve.match;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.file.RawPath;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Patterns of a {@code .dockerignore} (Docker's build context documentation): paths relative to the
 * root, {@code *} and {@code ?} within a segment, {@code **} over segments, {@code !} takes back,
 * and the last pattern that matches a path or one of its parents wins.
 */
public final class IgnorePatterns {

  /** Far above what people write; bounds the work for each file. */
  private static final int MAX_PATTERNS = 1000;

  private record Rule(boolean excludes, Glob pattern) {}

  /** A directory, and which rules match it or one above it. */
  private record Above(String directory, BitSet rules) {

    boolean isAbove(String path) {
      return path.length() > directory.length()
          && path.charAt(directory.length()) == '/'
          && path.startsWith(directory);
    }
  }

  private final List<Rule> rules = new ArrayList<>();
  private final Comparisons comparisons;

  /** The directories above the last path, outermost first: the next one is often in them, too. */
  private final List<Above> chain = new ArrayList<>();

  public IgnorePatterns(List<String> patterns, Comparisons comparisons) {
    this.comparisons = comparisons;
    if (patterns.size() > MAX_PATTERNS) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.too-many-patterns",
              "There are more than " + MAX_PATTERNS + " patterns of files to leave out",
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

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Whether a raw path is left out. */
  public boolean excludes(String path) {
    BitSet above = above(path);
    boolean excluded = false;
    for (int i = 0; i < rules.size(); i++) {
      // A rule that says what is already so changes nothing.
      Rule rule = rules.get(i);
      if (rule.excludes() != excluded && (above.get(i) || matches(rule, path))) {
        excluded = rule.excludes();
      }
    }
    return excluded;
  }

  private BitSet above(String path) {
    while (!chain.isEmpty() && !last().isAbove(path)) {
      chain.remove(chain.size() - 1);
    }
    int from = chain.isEmpty() ? 0 : last().directory().length() + 1;
    for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      BitSet matching = chain.isEmpty() ? new BitSet() : (BitSet) last().rules().clone();
      String directory = path.substring(0, slash);
      for (int i = matching.nextClearBit(0); i < rules.size(); i = matching.nextClearBit(i + 1)) {
        matching.set(i, matches(rules.get(i), directory));
      }
      chain.add(new Above(directory, matching));
    }
    return chain.isEmpty() ? new BitSet() : last().rules();
  }

  private Above last() {
    return chain.get(chain.size() - 1);
  }

  private boolean matches(Rule rule, String path) {
    return rule.pattern().matches(path, comparisons);
  }

  private static String clean(String path) {
    List<String> out = new ArrayList<>();
    for (String segment : path.split("/")) {
      if (segment.equals("..")) {
        if (!out.isEmpty()) {
          out.remove(out.size() - 1);
        }
      } else if (!segment.isEmpty() && !segment.equals(".") && !isDeepAgain(out, segment)) {
        out.add(segment);
      }
    }
    return String.join("/", out);
  }

  /** A second {@code **} in a row says nothing; thousands would be followed one inside another. */
  private static boolean isDeepAgain(List<String> before, String segment) {
    return isDeep(segment) && !before.isEmpty() && isDeep(before.get(before.size() - 1));
  }

  private static boolean isDeep(String segment) {
    return segment.length() > 1 && segment.chars().allMatch(c -> c == '*');
  }
}
