package dev.paas.runtime.tree;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.tar.TarReader;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.tar.BadTar;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Source trees by the digest of their canonical tar: {@code trees/<short>/fs} and {@code
 * trees/<short>/index}. They are a cache of what the caller can send again: nothing is synced, and
 * a reboot drops them all.
 */
public final class TreeStore {

  /** How long a tree is kept after its last use. */
  private static final Duration KEPT = Duration.ofHours(24);

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String INDEX = "index";

  /** How the names of trees begin that are being stored. */
  public static final String ARRIVING = "tree-";

  /**
   * What a tree may be.
   *
   * @param maxBytes sum of its files
   * @param maxEntries files, links and directories
   */
  public record Limits(long maxBytes, int maxEntries) {}

  private final Path trees;
  private final Path temporary;
  private final Limits limits;
  private final NameRoom room;
  private final Clock clock;
  private final Map<Sha256, Instant> lastUse = new ConcurrentHashMap<>();
  private final AtomicLong counter = new AtomicLong();

  public TreeStore(Path data, Limits limits, NameRoom room, Clock clock) throws IOException {
    this.trees = Folders.create(data.resolve("trees"), "rwx------");
    this.temporary = Folders.create(data.resolve("tmp"), "rwx------");
    this.limits = limits;
    this.room = room;
    this.clock = clock;
    Path stamp = trees.resolve("boot");
    String boot = Files.readString(BOOT_ID);
    boolean sameBoot = Files.exists(stamp) && Files.readString(stamp).equals(boot);
    if (!sameBoot) {
      try (Directory all = Directory.open(trees)) {
        all.each(
            entry -> {
              all.removeTree(entry.name());
              return true;
            });
      }
      Files.writeString(stamp, boot);
    }
  }

  public boolean has(Sha256 digest) {
    boolean present = Files.exists(place(digest).resolve(INDEX));
    if (present) {
      lastUse.put(digest, clock.instant());
    }
    return present;
  }

  private Path place(Sha256 digest) {
    return trees.resolve(digest.shortHex());
  }

  /** A tree that must be there. */
  public void require(Sha256 digest) {
    if (!has(digest)) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.tree-missing",
              "This source tree is not stored",
              digest.value(),
              "Send it first; push again.")
          .asException();
    }
  }

  /** The tree with this digest. Its index takes memory of the share until that is closed. */
  public Tree get(Sha256 digest, NameRoom.Share share) throws IOException {
    require(digest);
    Path place = place(digest);
    return TreeIndex.read(place.resolve(INDEX), digest, place.resolve("fs"), share);
  }

  /**
   * What was stored.
   *
   * @param digest of the tar
   * @param bytes sum of the files
   * @param entries how many files, links and directories there are
   */
  public record Stored(Sha256 digest, long bytes, int entries) {}

  /** Stores a tar; its digest is computed here, of the bytes as sent. */
  public Stored put(InputStream canonicalTar) throws IOException {
    try (NameRoom.Share share = room.share()) {
      return put(canonicalTar, share);
    }
  }

  private Stored put(InputStream canonicalTar, NameRoom.Share share) throws IOException {
    String name = ARRIVING + counter.incrementAndGet();
    Path made = Folders.create(temporary.resolve(name), "rwx------");
    try (Directory tmp = Directory.open(temporary)) {
      try {
        Folders.create(made.resolve("fs"), "rwxr-xr-x");
        MessageDigest digest = Sha256.algorithm();
        DigestInputStream in = new DigestInputStream(canonicalTar, digest);
        TreeEntries entries = new TreeEntries(share);
        long bytes;
        try (Directory root = Directory.open(made.resolve("fs"))) {
          bytes = new TreeIntake(new TarReader(in), root, entries, limits).run();
        }
        byte[] rest = new byte[1 << 14];
        long drained = 0;
        for (int n = in.read(rest); n >= 0; n = in.read(rest)) {
          drained += n;
          if (drained > rest.length) {
            throw BadTar.malformed("bytes follow its end");
          }
        }
        Sha256 computed = Sha256.finish(digest);
        entries.sort();
        TreeIndex.write(made.resolve(INDEX), computed, entries);
        try (Directory all = Directory.open(trees)) {
          tmp.rename(name, all, computed.shortHex());
        } catch (FileCallException present) {
          if (!present.is(FileCallException.ENOTEMPTY, FileCallException.EEXIST)) {
            throw present;
          }
        }
        lastUse.put(computed, clock.instant());
        return new Stored(computed, bytes, entries.size());
      } finally {
        tmp.removeTree(name);
      }
    } catch (EOFException cut) {
      throw BadTar.malformed("it is cut off");
    }
  }

  /** Removes trees that nobody used for a day. */
  public void collect() throws IOException {
    Instant oldest = clock.instant().minus(KEPT);
    List<Path> all;
    try (Stream<Path> files = Files.list(trees)) {
      all = files.filter(Files::isDirectory).toList();
    }
    try (Directory from = Directory.open(trees)) {
      for (Path tree : all) {
        String name = String.valueOf(tree.getFileName());
        Instant used =
            lastUse.entrySet().stream()
                .filter(e -> e.getKey().shortHex().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Files.getLastModifiedTime(tree).toInstant());
        if (used.isBefore(oldest)) {
          from.removeTree(name);
        }
      }
    }
    lastUse.values().removeIf(used -> used.isBefore(oldest));
  }
}
