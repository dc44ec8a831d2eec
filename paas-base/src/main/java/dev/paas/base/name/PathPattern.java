package dev.paas.base.name;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a name pattern is, in one place for whoever checks one and whoever matches files with it: as
 * Go's {@code path.Match} has them, which Docker's COPY and ADD use. {@code *} is any run of
 * characters and {@code ?} one, but no slash; {@code [a-z]} is one of a set and {@code [^a-z]} one
 * outside of it; a backslash takes the next character as it is, also in a set.
 */
public final class PathPattern {

  /** Characters that mean themselves only behind a backslash. */
  public static final String SPECIAL = "*?[\\";

  private PathPattern() {}

  /** Whether it can mean more than one path. */
  public static boolean hasWildcard(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '*' || c == '?' || c == '[') {
        return true;
      }
    }
    return false;
  }

  /** The one path that a pattern without wildcards means; a backslash at its end is itself. */
  public static String literal(String pattern) {
    StringBuilder out = new StringBuilder(pattern.length());
    for (int i = 0; i < pattern.length(); i++) {
      boolean escapes = pattern.charAt(i) == '\\' && i + 1 < pattern.length();
      out.append(pattern.charAt(escapes ? ++i : i));
    }
    return out.toString();
  }

  /** The pattern that means this path and no other. */
  public static String quote(String path) {
    StringBuilder out = new StringBuilder(path.length() + 2);
    for (int i = 0; i < path.length(); i++) {
      if (SPECIAL.indexOf(path.charAt(i)) >= 0) {
        out.append('\\');
      }
      out.append(path.charAt(i));
    }
    return out.toString();
  }

  /** What is wrong with a pattern, as a sentence. */
  public static Optional<String> mistake(String pattern) {
    int[] points = pattern.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      if (points[i] == '\\') {
        i++;
      } else if (points[i] == '[') {
        Members members = Members.at(points, i).orElse(null);
        if (members == null) {
          return Optional.of("The pattern has a set in brackets that is not closed, or no set");
        }
        i = members.end() - 1;
      }
    }
    return Optional.empty();
  }

  /** A set in brackets. */
  public static final class Members {

    private final int end;
    private final boolean negated;

    /** First and last character of each range, in turn. */
    private final int[] ranges;

    private Members(int end, boolean negated, int[] ranges) {
      this.end = end;
      this.negated = negated;
      this.ranges = ranges;
    }

    /** The index behind the closing bracket. */
    public int end() {
      return end;
    }

    /** The set that begins at this index; empty when there is none. */
    public static Optional<Members> at(int[] pattern, int start) {
      int at = start + 1;
      boolean negated = at < pattern.length && pattern[at] == '^';
      at += negated ? 1 : 0;
      int[] ranges = new int[8];
      int count = 0;
      while (at < pattern.length && (pattern[at] != ']' || count == 0)) {
        int first = member(pattern, at);
        if (first < 0) {
          return Optional.empty();
        }
        if (count == ranges.length) {
          ranges = Arrays.copyOf(ranges, 2 * count);
        }
        ranges[count] = pattern[first];
        ranges[count + 1] = pattern[first];
        at = first + 1;
        if (at < pattern.length && pattern[at] == '-') {
          int last = member(pattern, at + 1);
          if (last < 0) {
            return Optional.empty();
          }
          ranges[count + 1] = pattern[last];
          at = last + 1;
        }
        count += 2;
      }
      return at < pattern.length
          ? Optional.of(new Members(at + 1, negated, Arrays.copyOf(ranges, count)))
          : Optional.empty();
    }

    /** Where the character stands that is written at an index; -1 when none can. */
    private static int member(int[] pattern, int at) {
      if (at < pattern.length && pattern[at] == '\\') {
        return at + 1 < pattern.length ? at + 1 : -1;
      }
      return at < pattern.length && pattern[at] != '-' && pattern[at] != ']' ? at : -1;
    }

    /** Whether the set accepts a character. */
    public boolean has(int character) {
      for (int i = 0; i < ranges.length; i += 2) {
        if (character >= ranges[i] && character <= ranges[i + 1]) {
          return !negated;
        }
      }
      return negated;
    }
  }
}
