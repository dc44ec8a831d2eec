package dev.paas.router.http1;

import java.util.Arrays;

/**
 * A fixed set of field names, which compare without case. Asked for each field of each message, so
 * it allocates nothing.
 */
public final class FieldNames {

  private static final String[] NONE = {};

  /** The names by their length. */
  private final String[][] byLength;

  private FieldNames(String[][] byLength) {
    this.byLength = byLength;
  }

  public static FieldNames of(String... names) {
    int longest = 0;
    for (String name : names) {
      longest = Math.max(longest, name.length());
    }
    String[][] byLength = new String[longest + 1][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] =
          Arrays.stream(names).filter(n -> n.length() == wanted).toArray(String[]::new);
    }
    return new FieldNames(byLength);
  }

  public boolean has(String name) {
    String[] candidates = name.length() < byLength.length ? byLength[name.length()] : NONE;
    for (String candidate : candidates) {
      if (candidate.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
