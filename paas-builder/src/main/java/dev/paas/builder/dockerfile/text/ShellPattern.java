package dev.paas.builder.dockerfile.text;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A pattern of {@code ${x#…}}: {@code *}, {@code ?}, which take no line feed; {@code \*}, {@code
 * \?} and {@code \\} are the characters themselves, {@code \}} and {@code \/} too. Where a match
 * that begins at each character ends is found in one pass from the back, so the work is the
 * pattern's length times the value's.
 */
public final class ShellPattern {

  /** What people write is shorter by far. */
  public static final int MAX_PATTERN = 256;

  private static final int ANY = -1;
  private static final int STAR = -2;
  private static final int NONE = -1;

  /** Characters, or {@link #ANY} or {@link #STAR}. */
  private final int[] elements;

  private ShellPattern(int[] elements) {
    this.elements = elements;
  }

  /** Empty when a backslash stands before what needs none. */
  public static Optional<ShellPattern> of(String pattern) {
    int[] points = pattern.codePoints().toArray();
    int[] elements = new int[points.length];
    int count = 0;
    for (int i = 0; i < points.length; i++) {
      int c = points[i];
      if (c == '\\') {
        i++;
        if (i == points.length || "*?\\}/".indexOf(points[i]) < 0) {
          return Optional.empty();
        }
        elements[count++] = points[i];
      } else {
        elements[count++] = c == '*' ? STAR : c == '?' ? ANY : c;
      }
    }
    return Optional.of(new ShellPattern(Arrays.copyOf(elements, count)));
  }

  public String withoutPrefix(String text, boolean longest) {
    int[] value = text.codePoints().toArray();
    int end = ends(value, longest, false)[0];
    return end == NONE ? text : part(value, end, value.length);
  }

  public String withoutSuffix(String text, boolean longest) {
    int[] value = text.codePoints().toArray();
    int[] ends = ends(value, true, true);
    int found = NONE;
    for (int start = 0; start < ends.length && !(longest && found != NONE); start++) {
      found = ends[start] == NONE ? found : start;
    }
    return found == NONE ? text : part(value, 0, found);
  }

  /** Replaces the first match. */
  public String replaceFirst(String text, String replacement) {
    int[] value = text.codePoints().toArray();
    int[] ends = ends(value, true, false);
    for (int at = 0; at <= value.length; at++) {
      if (ends[at] != NONE) {
        return part(value, 0, at) + replacement + part(value, ends[at], value.length);
      }
    }
    return text;
  }

  /**
   * Replaces all matches that do not overlap; an empty match counts, as in Go. There the
   * replacement is a template, which is given the match.
   */
  public String replaceAll(String text, UnaryOperator<String> replacement) {
    int[] value = text.codePoints().toArray();
    int[] ends = ends(value, true, false);
    StringBuilder out = new StringBuilder();
    int copied = 0;
    int at = 0;
    while (at <= value.length) {
      if (ends[at] == NONE) {
        at++;
        continue;
      }
      out.append(part(value, copied, at));
      if (ends[at] > copied || at == 0) {
        out.append(replacement.apply(part(value, at, ends[at])));
      }
      copied = ends[at];
      at = Math.max(at + 1, copied);
    }
    return out.append(part(value, copied, value.length)).toString();
  }

  private static String part(int[] value, int begin, int end) {
    return new String(value, begin, end - begin);
  }

  /** For each start the shortest or longest end of a match, or {@link #NONE}. */
  private int[] ends(int[] value, boolean longest, boolean whole) {
    int length = value.length;
    int[] after = new int[length + 1];
    Arrays.setAll(after, i -> whole && i < length ? NONE : i);
    for (int e = elements.length - 1; e >= 0; e--) {
      int[] now = new int[length + 1];
      for (int i = length; i >= 0; i--) {
        boolean any = i < length && value[i] != '\n';
        int later = any ? now[i + 1] : NONE;
        if (elements[e] != STAR) {
          boolean fits = elements[e] == ANY ? any : i < length && elements[e] == value[i];
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
