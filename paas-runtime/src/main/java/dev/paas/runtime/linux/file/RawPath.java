package dev.paas.runtime.linux.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * File names are bytes, not text. In this package, in {@code image} and in {@code solve} a raw path
 * is a string with one character for each byte (ISO 8859-1), so that a name that is no UTF-8
 * survives unchanged and no locale plays a part.
 */
public final class RawPath {

  private RawPath() {}

  /** The raw path of a text, e.g. of a path in a request. */
  public static String of(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** A raw path for people: bytes that are no UTF-8 are written {@code \\xff}. */
  public static String text(String raw) {
    ByteBuffer bytes = ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1));
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    StringBuilder out = new StringBuilder(raw.length());
    while (true) {
      CoderResult result = decoder.decode(bytes, text, true);
      out.append(text.flip());
      text.clear();
      if (result.isUnderflow()) {
        return out.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.append(String.format("\\x%02x", bytes.get() & 0xff));
      }
      decoder.reset();
    }
  }

  /** The bytes as C wants them, with the final NUL. A NUL within is refused. */
  public static byte[] c(String raw) {
    if (raw.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a path can't contain NUL");
    }
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** {@code a/b} → {@code a}; a single segment → the empty path. */
  public static String parent(String raw) {
    int slash = raw.lastIndexOf('/');
    return slash < 0 ? "" : raw.substring(0, slash);
  }

  /** {@code a/b} → {@code b}. */
  public static String name(String raw) {
    return raw.substring(raw.lastIndexOf('/') + 1);
  }

  /** Joins with a slash; an empty side is left out. */
  public static String join(String parent, String name) {
    if (parent.isEmpty()) {
      return name;
    }
    return name.isEmpty() ? parent : parent + "/" + name;
  }
}
