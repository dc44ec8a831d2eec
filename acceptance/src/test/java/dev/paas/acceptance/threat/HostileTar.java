package dev.paas.acceptance.threat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Writes tars (POSIX ustar and pax) that no tar program would write. */
final class HostileTar {

  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  HostileTar file(String path, String content) {
    return entry(path, '0', "", content.getBytes(ISO_8859_1));
  }

  HostileTar directory(String path) {
    return entry(path, '5', "", new byte[0]);
  }

  HostileTar symlink(String path, String target) {
    return entry(path, '2', target, new byte[0]);
  }

  HostileTar hardLink(String path, String target) {
    return entry(path, '1', target, new byte[0]);
  }

  /** A pax record for the entry that follows. */
  HostileTar pax(String key, String value) {
    String rest = " " + key + "=" + value + "\n";
    int length = rest.length() + 1;
    while (Integer.toString(length).length() + rest.length() != length) {
      length = Integer.toString(length).length() + rest.length();
    }
    return entry("pax", 'x', "", (length + rest).getBytes(ISO_8859_1));
  }

  HostileTar entry(String path, char type, String link, byte[] content) {
    header(path, type, link, content.length);
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  /** A header alone: what it announces may never come. */
  HostileTar header(String path, char type, String link, long size) {
    byte[] block = new byte[BLOCK];
    put(block, 0, path);
    put(block, 100, "0004755\0");
    put(block, 108, "0000000\0");
    put(block, 116, "0000000\0");
    put(block, 124, String.format("%011o", size));
    put(block, 136, "00000000000");
    Arrays.fill(block, 148, 156, (byte) ' ');
    block[156] = (byte) type;
    put(block, 157, link);
    put(block, 257, "ustar\00000");
    int sum = 0;
    for (byte each : block) {
      sum += each & 0xff;
    }
    put(block, 148, String.format("%06o\0", sum));
    out.writeBytes(block);
    return this;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(out.toByteArray());
    whole.writeBytes(new byte[2 * BLOCK]);
    return whole.toByteArray();
  }
}
