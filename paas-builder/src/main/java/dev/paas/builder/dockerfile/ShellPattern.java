package dev.paas.builder.dockerfile;

import java.util.BitSet;

/**
 * A pattern of {@code ${x#…}}: {@code *}, {@code ?} and escapes; everything else is itself.
 * Matching follows all ways at once, so that no pattern takes exponential time.
 */
final class ShellPattern {

  /** What people write is shorter by far; the product of both bounds the work, in characters. */
  static final int MAX_PATTERN = 256;

  static final int MAX_VALUE = 2048;

  private static final int ANY = -1;
  private static final int STAR = -2;

  /** Characters, or {@link #ANY} or {@link #STAR}. */
  private final int[] elements;

  private ShellPattern(int[] elements) {
    this.elements = elements;
  }

  static ShellPattern of(String pattern, char escape) {
    int[] elements = new int[pattern.length()];
    int count = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == escape && i + 1 < pattern.length()) {
        elements[count++] = pattern.charAt(++i);
      } else {
        elements[count++] = c == '*' ? STAR : c == '?' ? ANY : c;
      }
    }
    return new ShellPattern(java.util.Arrays.copyOf(elements, count));
  }

  String withoutPrefix(String value, boolean longest) {
    int end = end(value, 0, longest);
    return end < 0 ? value : value.substring(end);
  }

  String withoutSuffix(String value, boolean longest) {
    int found = -1;
    for (int start = 0; start <= value.length(); start++) {
      if (ends(value, start).get(value.length())) {
        found = start;
        if (longest) {
          break;
        }
      }
    }
    return found < 0 ? value : value.substring(0, found);
  }

  String replace(String value, String replacement, boolean all) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    boolean done = elements.length == 0;
    while (at < value.length()) {
      int end = done ? -1 : end(value, at, true);
      if (end > at) {
        out.append(replacement);
        at = end;
        done = !all;
      } else {
        out.append(value.charAt(at++));
      }
    }
    return out.toString();
  }

  private int end(String value, int start, boolean longest) {
    BitSet ends = ends(value, start);
    return longest ? ends.length() - 1 : ends.nextSetBit(0);
  }

  /** Where a match that begins at {@code start} may end. */
  private BitSet ends(String value, int start) {
    BitSet now = new BitSet(value.length() + 1);
    now.set(start);
    for (int element : elements) {
      BitSet next = new BitSet(value.length() + 1);
      if (element == STAR && !now.isEmpty()) {
        next.set(now.nextSetBit(0), value.length() + 1);
      } else {
        for (int i = now.nextSetBit(0); i >= 0; i = now.nextSetBit(i + 1)) {
          if (i < value.length() && (element == ANY || element == value.charAt(i))) {
            next.set(i + 1);
          }
        }
      }
      now = next;
    }
    return now;
  }
}
