package dev.paas.router.http1;

/** Classes of characters in HTTP (RFC 9110 §5.5, §5.6.2). Characters are bytes in ISO 8859-1. */
final class Chars {

  private static final boolean[] TOKEN = new boolean[256];

  static {
    for (char c = '0'; c <= '9'; c++) {
      TOKEN[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      TOKEN[c] = true;
      TOKEN[Character.toUpperCase(c)] = true;
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private Chars() {}

  static boolean isToken(int c) {
    return TOKEN[c & 0xff];
  }

  static boolean isToken(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!TOKEN[text.charAt(i) & 0xff]) {
        return false;
      }
    }
    return from < to;
  }

  /** Visible characters, space, tab and the upper half; no other control character. */
  static boolean isFieldValue(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** With blanks for control characters, except for those that may end a line or a string. */
  static String blanked(String text) {
    if (isFieldValue(text, 0, text.length())) {
      return text;
    }
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      boolean ends = c == '\r' || c == '\n' || c == 0;
      if (!ends && c != '\t' && (c < ' ' || c == 0x7f)) {
        out.setCharAt(i, ' ');
      }
    }
    return out.toString();
  }

  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
