package dev.paas.router.log;

import java.util.Arrays;

/** Writes one flat JSON object in ASCII (RFC 8259), and a line end after it. */
final class JsonLine {

  private static final int FIRST_GUESS = 512;
  private static final String HEX = "0123456789abcdef";
  private static final char REPLACEMENT = '\ufffd';

  /** Of one character, escaped. */
  private static final int MAX_ESCAPED = 6;

  /** Of quotes, colon, comma and braces around a member, and of a number. */
  private static final int MAX_REST = 32;

  private byte[] out = new byte[FIRST_GUESS];
  private int length;

  JsonLine() {
    out[length++] = '{';
  }

  JsonLine text(String key, String value) {
    key(key, MAX_ESCAPED * value.length());
    out[length++] = '"';
    int copied = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        copy(value, copied, i);
        escape(whole(value, i));
        copied = i + 1;
      }
    }
    copy(value, copied, value.length());
    out[length++] = '"';
    return this;
  }

  @SuppressWarnings("deprecation") // the low byte of an ASCII character is the character
  private void copy(String ascii, int from, int to) {
    ascii.getBytes(from, to, out, length);
    length += to - from;
  }

  /** Half of a surrogate pair is no character: readers of the log would refuse the whole line. */
  private static char whole(String value, int i) {
    char c = value.charAt(i);
    boolean pair =
        Character.isHighSurrogate(c)
            ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
            : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    return Character.isSurrogate(c) && !pair ? REPLACEMENT : c;
  }

  private void escape(char c) {
    out[length++] = '\\';
    if (c == '"' || c == '\\') {
      out[length++] = (byte) c;
    } else {
      out[length++] = 'u';
      for (int shift = 12; shift >= 0; shift -= 4) {
        out[length++] = (byte) HEX.charAt((c >> shift) & 0xf);
      }
    }
  }

  JsonLine number(String key, long value) {
    key(key, 0);
    String digits = Long.toString(value);
    copy(digits, 0, digits.length());
    return this;
  }

  JsonLine end() {
    out[length++] = '}';
    out[length++] = '\n';
    return this;
  }

  int length() {
    return length;
  }

  void copyTo(byte[] target, int at) {
    System.arraycopy(out, 0, target, at, length);
  }

  private void key(String key, int valueLength) {
    int needed = length + key.length() + valueLength + MAX_REST;
    if (needed > out.length) {
      out = Arrays.copyOf(out, Math.max(needed, 2 * out.length));
    }
    if (length > 1) {
      out[length++] = ',';
    }
    out[length++] = '"';
    copy(key, 0, key.length());
    out[length++] = '"';
    out[length++] = ':';
  }
}
