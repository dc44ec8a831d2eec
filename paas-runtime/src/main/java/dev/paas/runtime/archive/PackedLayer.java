package dev.paas.runtime.archive;

import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.layer.Layer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * A layer as an archive had it.
 *
 * @param digest of what was in the archive, packed or not
 * @param size of that, in bytes
 * @param packing how it was packed
 */
record PackedLayer(Sha256 digest, long size, Packing packing, Layer layer) {

  enum Packing {
    PLAIN,
    GZIP,
    ZSTD;

    private static Packing of(int first, int second) {
      if (first == 0x1f && second == 0x8b) {
        return GZIP;
      }
      boolean frame = first == 0x28 && second == 0xb5;
      boolean skippable = (first & 0xf0) == 0x50 && second == 0x2a;
      return frame || skippable ? ZSTD : PLAIN;
    }

    /** Whether a media type says so. */
    boolean is(String mediaType) {
      return switch (this) {
        case GZIP -> mediaType.endsWith("gzip");
        case ZSTD -> mediaType.endsWith("zstd");
        case PLAIN -> mediaType.endsWith(".tar");
      };
    }
  }

  /** Measures what is read of a packed layer. */
  static final class Meter extends FilterInputStream {
    private final MessageDigest hash = Sha256.algorithm();
    private final byte[] rest = new byte[1 << 14];
    private final int[] start = new int[2];
    private long count;

    Meter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      for (int i = 0; i < n && count + i < start.length; i++) {
        start[(int) count + i] = target[offset + i] & 0xff;
      }
      if (n > 0) {
        hash.update(target, offset, n);
        count += n;
      }
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    /** Reads what follows the compressed stream: the digest is one of everything. */
    void drain() throws IOException {
      int n = 0;
      while (n >= 0) {
        n = read(rest, 0, rest.length);
      }
    }

    PackedLayer finish(Layer layer) {
      return new PackedLayer(Sha256.finish(hash), count, Packing.of(start[0], start[1]), layer);
    }
  }
}
