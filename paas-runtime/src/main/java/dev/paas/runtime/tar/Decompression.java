package dev.paas.runtime.tar;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** Opens plain and compressed streams by their first bytes, and refuses bombs. */
public final class Decompression {

  private static final int BUFFER = 1 << 16;

  /** Below this many unpacked bytes no ratio is suspicious. */
  private static final long FREE_BYTES = 1L << 30;

  /** gzip can't do more than 1032; real layers do 2 to 20. */
  private static final int MAX_RATIO = 100;

  /**
   * The largest window that a zstd frame may ask for, as a power of two: 32 MiB, four times what
   * RFC 8878 has every decoder support.
   */
  private static final int MAX_ZSTD_WINDOW_LOG = 25;

  /** What {@code xz -9} wants of whoever unpacks, in KiB: a dictionary of 64 MiB and a little. */
  private static final int MAX_XZ_MEMORY = 66 << 10;

  private static final int MAGIC_BYTES = 6;

  private Decompression() {}

  /** Opens what layers of images may be: plain, gzip or zstd. */
  public static InputStream open(InputStream compressed) throws IOException {
    Counter counted = new Counter(compressed);
    BufferedInputStream in = new BufferedInputStream(counted, BUFFER);
    return open(in, counted, magic(in));
  }

  /** Opens bzip2 and xz, too, as archives of sources are. */
  public static InputStream openAny(InputStream compressed) throws IOException {
    Counter counted = new Counter(compressed);
    BufferedInputStream in = new BufferedInputStream(counted, BUFFER);
    byte[] magic = magic(in);
    if (begins(magic, 'B', 'Z', 'h')) {
      return new Bounded(new BZip2CompressorInputStream(in, true), counted);
    }
    if (begins(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return new Bounded(new XZInputStream(in, MAX_XZ_MEMORY), counted);
    }
    return open(in, counted, magic);
  }

  private static byte[] magic(BufferedInputStream in) throws IOException {
    in.mark(MAGIC_BYTES);
    byte[] magic = in.readNBytes(MAGIC_BYTES);
    in.reset();
    return magic;
  }

  private static boolean begins(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static InputStream open(BufferedInputStream in, Counter counted, byte[] magic)
      throws IOException {
    if (begins(magic, 0x1f, 0x8b)) {
      return new Bounded(new Members(in), counted);
    }
    boolean frame = begins(magic, 0x28, 0xb5, 0x2f, 0xfd);
    boolean skippable =
        magic.length >= 4
            && (magic[0] & 0xf0) == 0x50
            && (magic[1] & 0xff) == 0x2a
            && (magic[2] & 0xff) == 0x4d
            && (magic[3] & 0xff) == 0x18;
    if (frame || skippable) {
      return new Bounded(new ZstdInputStream(in).setLongMax(MAX_ZSTD_WINDOW_LOG), counted);
    }
    return in;
  }

  /**
   * All members of a gzip file. From an empty member the JDK goes on to the next by calling itself:
   * a file of many would use up the stack.
   */
  private static final class Members extends GZIPInputStream {

    /** In a row; bgzip writes one at the end. */
    private static final int MAX_EMPTY = 64;

    private int empty;

    Members(InputStream in) throws IOException {
      super(in, BUFFER);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (empty == MAX_EMPTY) {
        throw BadTar.malformed("more than " + MAX_EMPTY + " empty gzip members follow each other");
      }
      empty++;
      try {
        return super.read(target, offset, length);
      } finally {
        empty--;
      }
    }
  }

  private static final class Counter extends FilterInputStream {
    private long count;

    Counter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      count += Math.max(n, 0);
      return n;
    }
  }

  private static final class Bounded extends FilterInputStream {
    private final Counter compressed;
    private long count;

    Bounded(InputStream unpacked, Counter compressed) {
      super(unpacked);
      this.compressed = compressed;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      count += Math.max(n, 0);
      if (count > FREE_BYTES && count / MAX_RATIO > compressed.count) {
        throw BadTar.tooLarge("it unpacks to more than " + MAX_RATIO + " times its size");
      }
      return n;
    }
  }
}
