package dev.paas.builder.dockerfile;

import java.util.Arrays;
import java.util.Optional;

/**
 * A pattern of {@code ${x#…}}: {@code *}, {@code ?}; {@code \*}, {@code \?} and {@code \\} are the
 * characters themselves, {@code \}} and {@code \/} too. Where a match that begins at each character
 * ends is found in one pass from the back, so the work is the pattern's length times the value's.
 */
final class ShellPattern {

  /** What people write is shorter by far. */
  static final int MAX_PATTERN = 256;

  private static final int ANY = -1;
  private static final int STAR = -2;
  private static final int NONE = -1;

  /** Characters, or {@link #ANY} or {@link #STAR}. */
  private final int[] elements;

  private ShellPattern(int[] elements) {
    this.elements = elements;
  }

  /** Empty when a backslash stands before what needs none. */
  static Optional<ShellPattern> of(String pattern) {
    int[] elements = new int[pattern.length()];
    int count = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
        if (i == pattern.length() || "*?\\}/".indexOf(pattern.charAt(i)) < 0) {
          return Optional.empty();
        }
        elements[count++] = pattern.charAt(i);
      } else {
        elements[count++] = c == '*' ? STAR : c == '?' ? ANY : c;
      }
    }
    return Optional.of(new ShellPattern(Arrays.copyOf(elements, count)));
  }

  String withoutPrefix(String value, boolean longest) {
    int end = ends(value, longest, false)[0];
    return end == NONE ? value : value.substring(end);
  }

  String withoutSuffix(String value, boolean longest) {
    int[] ends = ends(value, true, true);
    int found = NONE;
    for (int start = 0; start < ends.length && !(longest && found != NONE); start++) {
      found = ends[start] == NONE ? found : start;
    }
    return found == NONE ? value : value.substring(0, found);
  }

  /** Replaces the first match, or all that do not overlap; an empty match counts, as in Go. */
  String replace(String value, String replacement, boolean all) {
    int[] ends = ends(value, true, false);
    StringBuilder out = new StringBuilder();
    int copied = 0;
    int at = 0;
    while (at <= value.length()) {
      if (ends[at] == NONE) {
        at++;
        continue;
      }
      out.append(value, copied, at);
      if (ends[at] > copied || at == 0) {
        out.append(replacement);
      }
      copied = ends[at];
      at = Math.max(at + 1, copied);
      if (!all) {
        break;
      }
    }
    return out.append(value, copied, value.length()).toString();
  }

  /** For each start the shortest or longest end of a match, or {@link #NONE}. */
  private int[] ends(String value, boolean longest, boolean whole) {
    int length = value.length();
    int[] after = new int[length + 1];
    Arrays.setAll(after, i -> whole && i < length ? NONE : i);
    for (int e = elements.length - 1; e >= 0; e--) {
      int[] now = new int[length + 1];
      for (int i = length; i >= 0; i--) {
        int later = i == length ? NONE : now[i + 1];
        if (elements[e] != STAR) {
          boolean fits = i < length && (elements[e] == ANY || elements[e] == value.charAt(i));
          now[i] = fits ? after[i + 1] : NONE;
        } else if (after[i] == NONE || later == NONE) {
          now[i] = Math.max(after[i], later);
        } else {
          now[i] = longest ? Math.max(after[i], later) : Math.min(after[i], later);
        }
      }
      after = now;
    }
    return after;
  }
}
