package dev.paas.base.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The bytes of one line that is still being written. They become text only when the line is whole,
 * because a character may arrive in several pieces; a line that is longer than allowed is cut
 * between two characters. Bytes that are not UTF-8 become U+FFFD.
 */
public final class LineBytes {

  /** The longest character of UTF-8, in bytes: a shorter limit could not hold each of them. */
  private static final int LONGEST_CHARACTER = 4;

  private static final int FIRST_SIZE = 256;

  private final int max;
  private byte[] bytes = new byte[FIRST_SIZE];
  private int length;

  /**
   * @param max what a line may have, in bytes
   */
  public LineBytes(int max) {
    if (max < LONGEST_CHARACTER) {
      throw new IllegalArgumentException("a line of " + max + " bytes holds no character");
    }
    this.max = max;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /**
   * Adds bytes of the line, none of which ends it. A line that gets too long is cut as soon as more
   * comes than it may have, so that what is left is never empty.
   *
   * @param cut gets each piece that was cut off
   */
  public void add(byte[] from, int start, int end, Consumer<String> cut) {
    int at = start;
    while (at < end) {
      if (length == max) {
        int border = border(bytes, length);
        cut.accept(text(border));
        System.arraycopy(bytes, border, bytes, 0, length - border);
        length -= border;
      }
      int count = Math.min(end - at, max - length);
      if (length + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(max, Math.max(length + count, 2 * bytes.length)));
      }
      System.arraycopy(from, at, bytes, length, count);
      length += count;
      at += count;
    }
  }

  /** Ends the line and answers its text, or what is left of it; the next one begins. */
  public String end() {
    String text = text(length);
    clear();
    return text;
  }

  /** Forgets what was written of the line. */
  public void clear() {
    length = 0;
    if (bytes.length > FIRST_SIZE) {
      bytes = new byte[FIRST_SIZE];
    }
  }

  private String text(int end) {
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** Where a text that ends at {@code end} can be cut: there, or before a character in progress. */
  public static int border(byte[] bytes, int end) {
    for (int back = 1; back < LONGEST_CHARACTER && back <= end; back++) {
      int b = bytes[end - back] & 0xff;
      if (!isContinuation(b)) {
        return announced(b) > back ? end - back : end;
      }
    }
    return end;
  }

  /** Where the first character begins when a text was entered in its middle. */
  public static int firstCharacter(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end && at < start + LONGEST_CHARACTER - 1 && isContinuation(bytes[at] & 0xff)) {
      at++;
    }
    return at;
  }

  private static boolean isContinuation(int b) {
    return (b & 0xc0) == 0x80;
  }

  /** How many bytes the character has that begins with this one (RFC 3629); 1 when none does. */
  private static int announced(int first) {
    if (first >= 0xc2 && first <= 0xdf) {
      return 2;
    }
    if (first >= 0xe0 && first <= 0xef) {
      return 3;
    }
    return first >= 0xf0 && first <= 0xf4 ? 4 : 1;
  }
}
