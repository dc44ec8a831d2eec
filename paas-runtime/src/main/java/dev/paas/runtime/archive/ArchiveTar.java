package dev.paas.runtime.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the tar around the parts of an image (ustar; the size of what is larger than 8 GiB as GNU
 * tar has it). All entries are root's, readable, from the epoch: equal images give equal archives.
 */
final class ArchiveTar {

  private static final int BLOCK = 512;
  private static final long MAX_OCTAL_SIZE = 077777777777L;

  private final OutputStream out;
  private long left;
  private int padding;

  ArchiveTar(OutputStream out) {
    this.out = out;
  }

  /** Writes a whole file. */
  void file(String name, byte[] content) throws IOException {
    begin(name, content.length).write(content);
    end();
  }

  /** A file whose content is written to the stream that comes back, all of it and no more. */
  OutputStream begin(String name, long size) throws IOException {
    header(name, '0', size);
    left = size;
    padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > left) {
          throw new IOException("more was written of " + name + " than announced");
        }
        out.write(bytes, offset, length);
        left -= length;
      }
    };
  }

  void end() throws IOException {
    if (left > 0) {
      throw new IOException("less was written than announced");
    }
    out.write(new byte[padding]);
  }

  void directory(String name) throws IOException {
    header(name + "/", '5', 0);
  }

  /** Writes the end mark; the stream stays open. */
  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }

  private void header(String name, char type, long size) throws IOException {
    byte[] h = new byte[BLOCK];
    text(h, 0, name);
    text(h, 100, type == '5' ? "0000755" : "0000644");
    text(h, 108, "0000000");
    text(h, 116, "0000000");
    if (size <= MAX_OCTAL_SIZE) {
      text(h, 124, String.format("%011o", size));
    } else {
      h[124] = (byte) 0x80;
      for (int i = 0; i < Long.BYTES; i++) {
        h[135 - i] = (byte) (size >>> (Byte.SIZE * i));
      }
    }
    text(h, 136, "00000000000");
    h[156] = (byte) type;
    text(h, 257, "ustar\00000");
    Arrays.fill(h, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : h) {
      sum += b & 0xff;
    }
    text(h, 148, String.format("%06o\0 ", sum));
    out.write(h);
  }

  private static void text(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }
}
