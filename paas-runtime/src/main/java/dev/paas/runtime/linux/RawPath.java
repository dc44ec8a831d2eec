package dev.paas.runtime.linux;

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

  /** A raw path for people. */
  public static String text(String raw) {
    return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** The bytes as C wants them, with the final NUL. A NUL within is refused. */
  static byte[] c(String raw) {
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
