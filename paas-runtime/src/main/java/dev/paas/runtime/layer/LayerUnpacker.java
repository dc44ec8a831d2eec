package dev.paas.runtime.layer;

import com.github.luben.zstd.ZstdIOException;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.tar.TarReader;
import dev.paas.base.tar.TarTrace;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.DiskUsage;
import dev.paas.runtime.tar.BadTar;
import dev.paas.runtime.tar.Decompression;
import dev.paas.runtime.tar.ExtractLimits;
import dev.paas.runtime.tar.Extraction;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.ZipException;

/** Makes a layer of a tar stream, computing its diff id on the way. */
public final class LayerUnpacker {

  /** tar pads to its record size, 10 KiB by default; some writers use far larger records. */
  private static final long MAX_PADDING = 16 << 20;

  private LayerUnpacker() {}

  /** What else must be right before there is a layer. */
  public interface Check {
    void run() throws IOException;
  }

  public static Layer unpack(LayerStore store, NameRoom.Limits names, InputStream compressed)
      throws IOException {
    return unpack(store, names, ExtractLimits.LAYER, compressed, Optional.empty(), () -> {});
  }

  /**
   * @param names how many there may be
   * @param limits what it may unpack to
   * @param expected refuse the layer when its diff id is another
   * @param last is asked when all was read
   */
  public static Layer unpack(
      LayerStore store,
      NameRoom.Limits names,
      ExtractLimits limits,
      InputStream compressed,
      Optional<Sha256> expected,
      Check last)
      throws IOException {
    try (LayerStore.Staging staged = store.stage();
        Directory root = Directory.open(staged.path())) {
      MessageDigest digest = Sha256.algorithm();
      Counting tar = new Counting(Decompression.open(compressed), digest, store.disk());
      TarRecipe recipe = TarRecipe.create(staged.recipe());
      long bytes;
      Extraction extraction;
      try (recipe) {
        extraction = new Extraction(new TarReader(tar, recipe), root, limits);
        bytes = extraction.run();
        // What follows the end mark belongs to the digest too.
        drain(tar, recipe);
        if (extraction.hasReplaced()) {
          recipe.spoil();
        }
      }
      count(staged, names, extraction.entries());
      Sha256 diffId = Sha256.finish(digest);
      if (expected.isPresent() && !expected.get().equals(diffId)) {
        throw mismatch(diffId);
      }
      last.run();
      return store.publish(staged, diffId, bytes, tar.count);
    } catch (EOFException | ZipException | ZstdIOException cut) {
      throw BadTar.malformed("it is cut off or damaged");
    }
  }

  private static PaasException mismatch(Sha256 diffId) {
    return Problem.of(
            Kind.INVALID,
            "image.digest-mismatch",
            "A layer's content is not what the image says",
            diffId.value(),
            "Pull again; if it happens again, the registry's content is damaged.")
        .asException();
  }

  /** Whoever walks the layer will have its names in memory. */
  private static void count(LayerStore.Staging staged, NameRoom.Limits names, int entries)
      throws IOException {
    if (entries <= names.directory()
        && entries * (long) ExtractLimits.MAX_NAME <= names.nameBytes()) {
      return;
    }
    DiskLimits most =
        new DiskLimits(Long.MAX_VALUE, names.files(), names.nameBytes(), names.directory());
    DiskUsage usage = new DiskUsage(most, false);
    usage.add(staged.path());
    if (usage.excess() != DiskLimits.Excess.NONE) {
      throw BadTar.tooLarge("its writer " + most.words(usage.excess()));
    }
  }

  private static void drain(InputStream tar, TarTrace recipe) throws IOException {
    byte[] rest = new byte[1 << 16];
    long drained = 0;
    for (int n = tar.read(rest); n >= 0; n = tar.read(rest)) {
      drained += n;
      if (drained > MAX_PADDING) {
        throw BadTar.malformed("bytes follow its end");
      }
      recipe.raw(rest, 0, n);
    }
  }

  /** Counts what comes, and stops where the disk has no more room but its reserve. */
  private static final class Counting extends DigestInputStream {

    /** How much may come until the disk is looked at again, in bytes. */
    private static final long UNSEEN = 64 << 20;

    private final DiskSpace disk;
    private long count;
    private long seen = -UNSEEN;

    Counting(InputStream in, MessageDigest digest, DiskSpace disk) {
      super(in, digest);
      this.disk = disk;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (count - seen >= UNSEEN) {
        disk.require();
        seen = count;
      }
      int n = super.read(target, offset, length);
      count += Math.max(n, 0);
      return n;
    }
  }
}
