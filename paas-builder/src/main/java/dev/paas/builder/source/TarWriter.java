package dev.paas.builder.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes ustar entries (IEEE Std 1003.1-2017, pax: "ustar Interchange Format"), with a pax extended
 * header before an entry whose name or link does not fit.
 */
final class TarWriter {

  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final long MAX_OCTAL_SIZE = 0x1_FFFF_FFFFL;

  private final OutputStream out;
  private final byte[] header = new byte[BLOCK];
  private final byte[] buffer = new byte[64 << 10];

  TarWriter(OutputStream out) {
    this.out = out;
  }

  void directory(String path, long time) throws IOException {
    entry(path, new byte[0], 0755, 0, '5', time);
  }

  void link(String path, byte[] target, long time) throws IOException {
    if (target.length == 0 || target.length > TreePath.MAX_LINK_BYTES || has(target, (byte) 0)) {
      throw TreePath.badLink(path);
    }
    entry(path, target, 0777, 0, '2', time);
  }

  void file(String path, int mode, long size, InputStream content, long time) throws IOException {
    entry(path, new byte[0], mode, size, '0', time);
    long left = size;
    while (left > 0) {
      int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("content of " + path + " is shorter than its size");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
    pad(size);
  }

  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }

  private void entry(String path, byte[] link, int mode, long size, char type, long time)
      throws IOException {
    byte[] name = PathBytes.bytes(path);
    ByteArrayOutputStream pax = new ByteArrayOutputStream();
    if (name.length > NAME_BYTES || !ascii(name)) {
      record(pax, "path", name);
    }
    if (link.length > NAME_BYTES || !ascii(link)) {
      record(pax, "linkpath", link);
    }
    if (size > MAX_OCTAL_SIZE) {
      record(pax, "size", Long.toString(size).getBytes(StandardCharsets.US_ASCII));
    }
    if (pax.size() > 0) {
      header("pax".getBytes(StandardCharsets.US_ASCII), new byte[0], 0644, pax.size(), 'x', 0);
      pax.writeTo(out);
      pad(pax.size());
    }
    header(name, link, mode, Math.min(size, MAX_OCTAL_SIZE), type, time);
  }

  /**
   * {@code "<length> <key>=<value>\n"}, where the length counts itself. The value is bytes: POSIX
   * wants UTF-8, and whoever reads this tar takes names as they are.
   */
  private static void record(ByteArrayOutputStream pax, String key, byte[] value) {
    int rest = key.length() + value.length + 3;
    int length = rest;
    while (Integer.toString(length).length() + rest != length) {
      length = Integer.toString(length).length() + rest;
    }
    pax.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.US_ASCII));
    pax.writeBytes(value);
    pax.write('\n');
  }

  private void header(byte[] name, byte[] link, int mode, long size, char type, long time)
      throws IOException {
    Arrays.fill(header, (byte) 0);
    System.arraycopy(name, 0, header, 0, Math.min(name.length, NAME_BYTES));
    octal(mode, 100, 8);
    octal(0, 108, 8);
    octal(0, 116, 8);
    octal(size, 124, 12);
    octal(time, 136, 12);
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = (byte) type;
    System.arraycopy(link, 0, header, 157, Math.min(link.length, NAME_BYTES));
    text("ustar\00000", 257);
    octal(0, 329, 8);
    octal(0, 337, 8);
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    text(String.format("%06o\0 ", sum), 148);
    out.write(header);
  }

  private void octal(long value, int at, int width) {
    text(String.format("%0" + (width - 1) + "o", value), at);
  }

  private void text(String text, int at) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private void pad(long size) throws IOException {
    int over = (int) (size % BLOCK);
    if (over > 0) {
      out.write(new byte[BLOCK - over]);
    }
  }

  private static boolean ascii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean has(byte[] bytes, byte sought) {
    for (byte b : bytes) {
      if (b == sought) {
        return true;
      }
    }
    return false;
  }
}
