package dev.paas.runtime.tree;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.tar.BadTar;
import dev.paas.runtime.tar.ExtractLimits;
import dev.paas.runtime.tar.SafePath;
import dev.paas.runtime.tar.TarEntry;
import dev.paas.runtime.tar.TarReader;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Source trees by the digest of their canonical tar: {@code trees/<short>/fs} and {@code
 * trees/<short>/index}. They are a cache of what the caller can send again: nothing is synced, and
 * a reboot drops them all.
 */
public final class TreeStore {

  /** All paths and targets of links of a tree, in bytes: they are in memory while it is used. */
  private static final long MAX_TEXTS = 32 << 20;

  /** Entries of an archive for its root, which is no file of the tree. */
  private static final int ROOT_ENTRIES = 16;

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
    return readIndex(digest, share);
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
          bytes = new Intake(new TarReader(in), root, entries).run();
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
        writeIndex(made.resolve(INDEX), computed, entries);
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

  // The index: the digest, then one line an entry: type mode size content path link, in which path
  // and link are percent-encoded bytes.
  private static void writeIndex(Path file, Sha256 digest, TreeEntries entries) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      out.write(digest.value() + "\n");
      for (int i = 0; i < entries.size(); i++) {
        TreeEntry e = entries.get(i);
        out.write(e.type() + " " + Integer.toOctalString(e.mode()) + " " + e.size() + " ");
        out.write(e.content() + " " + escaped(entries.path(i)) + " " + escaped(e.link()) + "\n");
      }
    }
  }

  private Tree readIndex(Sha256 digest, NameRoom.Share share) throws IOException {
    TreeEntries entries = new TreeEntries(share);
    long bytes = 0;
    try (BufferedReader in =
        Files.newBufferedReader(place(digest).resolve(INDEX), StandardCharsets.US_ASCII)) {
      if (!digest.value().equals(in.readLine())) {
        throw new IOException("index of another tree: " + digest);
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] f = line.split(" ", -1);
        TreeEntry entry =
            new TreeEntry(
                TreeEntry.Type.valueOf(f[0]),
                Integer.parseInt(f[1], 8),
                Long.parseLong(f[2]),
                new Sha256(f[3]),
                unescaped(f[5]));
        bytes += entry.size();
        entries.add(unescaped(f[4]), entry);
      }
    }
    entries.sort();
    return new Tree(digest, place(digest).resolve("fs"), entries, bytes);
  }

  static String escaped(String raw) {
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c > ' ' && c < 0x7f && c != '%') {
        out.append(c);
      } else {
        out.append('%')
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      }
    }
    return out.toString();
  }

  static String unescaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /**
   * Takes the files, links and directories of one tar; everything else is refused. What is there
   * already is asked of the file system, which knows it anyway.
   */
  private final class Intake {
    private final TarReader tar;
    private final Directory root;
    private final TreeEntries entries;
    private final byte[] buffer = new byte[1 << 16];
    private final MessageDigest digest = Sha256.algorithm();
    private long bytes;
    private long texts;
    private int seen;
    private Optional<Directory> open = Optional.empty();
    private String openPath = "";

    Intake(TarReader tar, Directory root, TreeEntries entries) {
      this.tar = tar;
      this.root = root;
      this.entries = entries;
    }

    /** Takes all; returns the sum of the files' bytes. */
    long run() throws IOException {
      try {
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
          take(next.get());
        }
        return bytes;
      } finally {
        open.ifPresent(Directory::close);
      }
    }

    private void take(TarEntry entry) throws IOException {
      // Folders may be named again and again: what is read has a bound besides what is kept.
      if (++seen > 2L * limits.maxEntries() + ROOT_ENTRIES) {
        throw tooLarge("it holds more than " + limits.maxEntries() + " files");
      }
      String path = SafePath.of(entry.path());
      if (path.isEmpty()) {
        if (entry.size() > 0) {
          throw BadTar.unsafe("a file has no name", entry.path());
        }
        return;
      }
      try {
        String name = RawPath.name(path);
        switch (entry.type()) {
          case FILE -> add(path, file(parent(path), name, entry));
          case SYMLINK -> add(path, symlink(parent(path), name, entry));
          case DIRECTORY -> directory(path);
          case HARD_LINK, FIFO, DEVICE ->
              throw BadTar.unsafe("a source tree holds files, links and directories", entry.path());
        }
      } catch (FileCallException e) {
        if (e.is(FileCallException.EEXIST)) {
          throw BadTar.unsafe("an entry appears twice", entry.path());
        }
        if (e.is(FileCallException.ENOTDIR, FileCallException.ELOOP)) {
          throw BadTar.unsafe("an entry lies below something that is no directory", entry.path());
        }
        throw e;
      }
    }

    private void add(String path, TreeEntry entry) throws IOException {
      if (entries.size() >= limits.maxEntries()) {
        throw tooLarge("it holds more than " + limits.maxEntries() + " files");
      }
      texts += path.length() + entry.link().length();
      if (texts > MAX_TEXTS) {
        throw tooLarge("its paths together are longer than " + MAX_TEXTS + " bytes");
      }
      entries.add(path, entry);
    }

    private TreeEntry file(Directory parent, String name, TarEntry entry) throws IOException {
      bytes += entry.size();
      if (bytes > limits.maxBytes()) {
        throw tooLarge("its files are more than " + limits.maxBytes() + " bytes");
      }
      // git knows two kinds of file; other bits would make equal sources different.
      int mode = (entry.mode() & 0100) != 0 ? 0755 : 0644;
      try (FileHandle file = parent.create(name)) {
        for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
          digest.update(buffer, 0, n);
          file.write(buffer, n);
        }
        file.setMode(mode);
      }
      parent.setTime(name, entry.mtimeSeconds(), entry.mtimeNanos());
      return new TreeEntry(TreeEntry.Type.FILE, mode, entry.size(), Sha256.finish(digest), "");
    }

    private TreeEntry symlink(Directory parent, String name, TarEntry entry) throws IOException {
      if (entry.link().isEmpty() || entry.link().length() > ExtractLimits.MAX_PATH) {
        throw BadTar.unsafe("a symbolic link has no usable target", entry.path());
      }
      parent.makeSymlink(entry.link(), name);
      parent.setTime(name, entry.mtimeSeconds(), entry.mtimeNanos());
      Sha256 content = Sha256.of(entry.link().getBytes(StandardCharsets.ISO_8859_1));
      return new TreeEntry(TreeEntry.Type.SYMLINK, 0777, 0, content, entry.link());
    }

    private void directory(String path) throws IOException {
      Directory above = parent(path);
      String name = RawPath.name(path);
      Optional<FileStatus> present = above.status(name);
      if (present.isEmpty()) {
        above.makeDirectory(name, 0755);
        above.setMode(name, 0755);
        Sha256 nothing = Sha256.of(new byte[0]);
        add(path, new TreeEntry(TreeEntry.Type.DIRECTORY, 0755, 0, nothing, ""));
      } else if (!present.get().isDirectory()) {
        throw BadTar.unsafe("an entry appears twice", path);
      }
    }

    private Directory parent(String path) throws IOException {
      String wanted = RawPath.parent(path);
      if (open.isPresent() && wanted.equals(openPath)) {
        return open.get();
      }
      if (wanted.isEmpty()) {
        return keepOpen(root.openBeneath(""), "");
      }
      try {
        return keepOpen(root.openBeneath(wanted), wanted);
      } catch (FileCallException missing) {
        if (!missing.is(FileCallException.ENOENT)) {
          throw missing;
        }
        directory(wanted);
        return keepOpen(root.openBeneath(wanted), wanted);
      }
    }

    private Directory keepOpen(Directory directory, String path) {
      open.ifPresent(Directory::close);
      open = Optional.of(directory);
      openPath = path;
      return directory;
    }

    private RuntimeException tooLarge(String what) {
      return Problem.of(
              Kind.IMPOSSIBLE,
              "build.source-too-large",
              "The source tree is refused: " + what,
              "Leave large files out of the repository, or raise build.max-source and"
                  + " build.max-source-files.")
          .asException();
    }
  }
}
