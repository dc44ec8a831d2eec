package dev.paas.runtime.linux.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Many raw names as the bytes they are, without an object for each: untrusted code decides how many
 * there are. A name takes its length and two bytes.
 */
public final class NamePool {

  private static final int SHIFT = 16;
  private static final int CHUNK = 1 << SHIFT;
  private static final int FIRST_CHUNK = 1 << 8;

  /** Two bytes hold the length of a name. */
  private static final int LENGTH = 2;

  private final List<byte[]> chunks = new ArrayList<>();
  private int used = CHUNK;
  private long reserved;

  /** Adds a raw name and answers where it is. */
  public int add(String raw) {
    byte[] name = raw.getBytes(StandardCharsets.ISO_8859_1);
    return add(name, 0, name.length);
  }

  int add(byte[] from, int start, int length) {
    if (length > CHUNK - LENGTH) {
      throw new IllegalArgumentException("a name of " + length + " bytes");
    }
    int end = used + LENGTH + length;
    if (end > CHUNK) {
      chunks.add(new byte[0]);
      used = 0;
      end = LENGTH + length;
    }
    byte[] chunk = roomy(end);
    chunk[used] = (byte) (length >> 8);
    chunk[used + 1] = (byte) length;
    System.arraycopy(from, start, chunk, used + LENGTH, length);
    int place = (chunks.size() - 1) << SHIFT | used;
    used = end;
    return place;
  }

  private byte[] roomy(int end) {
    int last = chunks.size() - 1;
    byte[] chunk = chunks.get(last);
    if (chunk.length < end) {
      // The first one grows: most directories have a dozen names.
      int larger = last == 0 ? Math.min(CHUNK, Math.max(2 * end, FIRST_CHUNK)) : CHUNK;
      reserved += larger - chunk.length;
      chunk = Arrays.copyOf(chunk, larger);
      chunks.set(last, chunk);
    }
    return chunk;
  }

  /** The raw name at a place. */
  public String get(int place) {
    byte[] chunk = chunks.get(place >>> SHIFT);
    return new String(chunk, start(place), length(place), StandardCharsets.ISO_8859_1);
  }

  private static int start(int place) {
    return (place & (CHUNK - 1)) + LENGTH;
  }

  private int length(int place) {
    byte[] chunk = chunks.get(place >>> SHIFT);
    int at = place & (CHUNK - 1);
    return (chunk[at] & 0xff) << 8 | (chunk[at + 1] & 0xff);
  }

  /** By their bytes, without a sign. */
  int compare(int a, int b) {
    byte[] inA = chunks.get(a >>> SHIFT);
    byte[] inB = chunks.get(b >>> SHIFT);
    int startA = start(a);
    int startB = start(b);
    return Arrays.compareUnsigned(inA, startA, startA + length(a), inB, startB, startB + length(b));
  }

  int compare(int a, byte[] name) {
    byte[] inA = chunks.get(a >>> SHIFT);
    int start = start(a);
    return Arrays.compareUnsigned(inA, start, start + length(a), name, 0, name.length);
  }

  /** The memory it takes. */
  public long bytes() {
    return reserved;
  }
}
