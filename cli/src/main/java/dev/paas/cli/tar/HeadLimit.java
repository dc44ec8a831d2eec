package dev.paas.cli.tar;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bounds what is read of a tar between two files: a reader keeps long names in memory, and an
 * instance may send any.
 */
final class HeadLimit extends FilterInputStream {

  /** Bytes: the longest name of Linux (PATH_MAX) many times, and attributes. */
  static final int MOST = 1 << 20;

  private long left = MOST;

  HeadLimit(InputStream in) {
    super(in);
  }

  /** The next bytes are those of a head. */
  void head() {
    left = MOST;
  }

  /** The next bytes are a file's. */
  void content(long size) {
    left = size > Long.MAX_VALUE - MOST ? Long.MAX_VALUE : size + MOST;
  }

  @Override
  public int read() throws IOException {
    check();
    int read = super.read();
    left -= read < 0 ? 0 : 1;
    return read;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    check();
    int read = super.read(into, from, (int) Math.min(length, left));
    left -= Math.max(read, 0);
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    check();
    long skipped = super.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }

  private void check() throws IOException {
    if (left <= 0) {
      throw new IOException("a name in the archive is too long");
    }
  }
}
