package dev.paas.builder.buildpack.node;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of versions as npm writes them (node-semver), without pre-releases. */
final class VersionRange {

  private static final Pattern COMPARATOR =
      Pattern.compile(
          "(\\^|~>?|>=|<=|>|<|=)?\\s*v?(\\d{1,6}|[xX*])(?:\\.(\\d{1,6}|[xX*]))?(?:\\.(\\d{1,6}|[xX*]))?");
  private static final Pattern HYPHEN = Pattern.compile("(\\S+)\\s+-\\s+(\\S+)");

  /** Longer than any range that people write, in characters; bounds the matching. */
  private static final int MAX_LENGTH = 1000;

  private VersionRange() {}

  /** Whether the version is in the range; empty when the range is not understood. */
  static Optional<Boolean> contains(String range, String version) {
    int[] wanted = version(version);
    if (wanted.length == 0 || range.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    boolean any = false;
    for (String alternative : range.split("\\|\\|", -1)) {
      Optional<Boolean> all = all(alternative.strip(), wanted);
      if (all.isEmpty()) {
        return all;
      }
      any |= all.get();
    }
    return Optional.of(any);
  }

  private static Optional<Boolean> all(String comparators, int[] version) {
    String text = HYPHEN.matcher(comparators).replaceAll(">=$1 <=$2").strip();
    if (text.isEmpty()) {
      return Optional.of(true);
    }
    Matcher matcher = COMPARATOR.matcher(text);
    boolean all = true;
    int at = 0;
    while (at < text.length()) {
      matcher.region(at, text.length());
      if (!matcher.lookingAt()) {
        return Optional.empty();
      }
      all &= holds(matcher, version);
      at = matcher.end();
      if (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
        return Optional.empty();
      }
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
    return Optional.of(all);
  }

  private static boolean holds(Matcher comparator, int[] version) {
    int[] low = new int[3];
    int given = 0;
    for (int i = 0; i < 3; i++) {
      String part = comparator.group(i + 2);
      if (part == null || !Character.isDigit(part.charAt(0))) {
        break;
      }
      low[i] = Integer.parseInt(part);
      given++;
    }
    String operator = comparator.group(1) == null ? "" : comparator.group(1);
    int[] high = given == 0 ? new int[] {Integer.MAX_VALUE, 0, 0} : after(low, given);
    boolean atLeastLow = Arrays.compare(version, low) >= 0;
    boolean belowHigh = Arrays.compare(version, high) < 0;
    return switch (operator) {
      case ">=" -> atLeastLow;
      case ">" -> given > 0 && !belowHigh;
      case "<" -> !atLeastLow;
      case "<=" -> belowHigh;
      case "^" -> atLeastLow && Arrays.compare(version, after(low, caret(low, given))) < 0;
      case "~", "~>" -> atLeastLow && Arrays.compare(version, after(low, Math.min(given, 2))) < 0;
      default -> atLeastLow && belowHigh;
    };
  }

  /** A caret keeps the first part that is not 0. */
  private static int caret(int[] low, int given) {
    for (int i = 0; i < given; i++) {
      if (low[i] != 0) {
        return i + 1;
      }
    }
    return given;
  }

  /** The first version that differs in the first {@code parts} parts. */
  private static int[] after(int[] low, int parts) {
    if (parts == 0) {
      return new int[] {Integer.MAX_VALUE, 0, 0};
    }
    int[] next = new int[3];
    System.arraycopy(low, 0, next, 0, parts);
    next[parts - 1]++;
    return next;
  }

  private static int[] version(String version) {
    Matcher matcher = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})").matcher(version);
    if (!matcher.lookingAt()) {
      return new int[0];
    }
    return new int[] {
      Integer.parseInt(matcher.group(1)),
      Integer.parseInt(matcher.group(2)),
      Integer.parseInt(matcher.group(3))
    };
  }
}
