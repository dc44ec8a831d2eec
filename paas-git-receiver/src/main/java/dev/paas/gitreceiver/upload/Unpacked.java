package dev.paas.gitreceiver.upload;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** The bytes of an archive, unpacked when they are gzip's, up to a bound. */
final class Unpacked extends InputStream {

  private static final int BUFFER = 64 << 10;

  private static final int MAGIC = 0x1f8b;

  private final InputStream in;
  private final UploadLimits limits;
  private long left;

  private Unpacked(InputStream in, UploadLimits limits) {
    this.in = in;
    this.limits = limits;
    this.left = limits.archive();
  }

  static Unpacked of(InputStream archive, UploadLimits limits) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(archive, BUFFER);
    buffered.mark(2);
    int first = buffered.read() << 8 | buffered.read();
    buffered.reset();
    return new Unpacked(first == MAGIC ? new GZIPInputStream(buffered, BUFFER) : buffered, limits);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = in.read(target, offset, length);
    left -= Math.max(0, count);
    if (left < 0) {
      throw BadUpload.tooLarge(limits.maxBytes());
    }
    return count;
  }

  /** Reads what follows the archive, so that whoever sends it is read to the end. */
  void drain() throws IOException {
    byte[] rest = new byte[BUFFER];
    while (read(rest, 0, rest.length) >= 0) {
      // It is of no use, and bounded.
    }
  }
}
