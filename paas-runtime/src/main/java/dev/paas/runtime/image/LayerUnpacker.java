package dev.paas.runtime.image;

import com.github.luben.zstd.ZstdIOException;
import dev.paas.base.problem.Problem;
import dev.paas.runtime.linux.Directory;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.ZipException;

/** Makes a layer of a tar stream, computing its diff id on the way. */
final class LayerUnpacker {

  /** tar pads to its record size, 10 KiB by default; some writers use far larger records. */
  private static final long MAX_PADDING = 16 << 20;

  private LayerUnpacker() {}

  /** What else must be right before there is a layer. */
  interface Check {
    void run() throws IOException;
  }

  static Layer unpack(LayerStore store, InputStream compressed) throws IOException {
    return unpack(store, compressed, Optional.empty(), () -> {});
  }

  /**
   * @param expected refuse the layer when its diff id is another
   * @param last is asked when all was read
   */
  static Layer unpack(
      LayerStore store, InputStream compressed, Optional<Sha256> expected, Check last)
      throws IOException {
    try (LayerStore.Staging staged = store.stage();
        Directory root = Directory.open(staged.path())) {
      MessageDigest digest = Sha256.algorithm();
      Counting tar = new Counting(Decompression.open(compressed), digest);
      long bytes = new Extraction(new TarReader(tar), root, ExtractLimits.LAYER).run();
      // What follows the end mark belongs to the digest too.
      drain(tar);
      Sha256 diffId = Sha256.finish(digest);
      if (expected.isPresent() && !expected.get().equals(diffId)) {
        throw Problem.of(
                "image.digest-mismatch",
                "A layer's content is not what the image says",
                diffId.value(),
                "Pull again; if it happens again, the registry's content is damaged.")
            .asException();
      }
      last.run();
      return store.publish(staged, diffId, bytes, tar.count);
    } catch (EOFException | ZipException | ZstdIOException cut) {
      throw BadTar.malformed("it is cut off or damaged");
    }
  }

  private static void drain(InputStream tar) throws IOException {
    byte[] rest = new byte[1 << 16];
    long drained = 0;
    for (int n = tar.read(rest); n >= 0; n = tar.read(rest)) {
      drained += n;
      if (drained > MAX_PADDING) {
        throw BadTar.malformed("bytes follow its end");
      }
    }
  }

  private static final class Counting extends DigestInputStream {
    private long count;

    Counting(InputStream in, MessageDigest digest) {
      super(in, digest);
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
}
