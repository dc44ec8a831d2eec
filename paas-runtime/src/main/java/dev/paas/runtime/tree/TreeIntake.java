package dev.paas.runtime.tree;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.tar.TarEntry;
import dev.paas.base.tar.TarReader;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.tar.BadTar;
import dev.paas.runtime.tar.ExtractLimits;
import dev.paas.runtime.tar.SafePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Takes the files, links and directories of one tar; everything else is refused. What is there
 * already is asked of the file system, which knows it anyway.
 */
final class TreeIntake {

  /** All paths and targets of links of a tree, in bytes: they are in memory while it is used. */
  private static final long MAX_TEXTS = 32 << 20;

  /** Entries of an archive for its root, which is no file of the tree. */
  private static final int ROOT_ENTRIES = 16;

  private final TarReader tar;
  private final Directory root;
  private final TreeEntries entries;
  private final TreeStore.Limits limits;
  private final byte[] buffer = new byte[1 << 16];
  private final MessageDigest digest = Sha256.algorithm();
  private long bytes;
  private long texts;
  private int seen;
  private Optional<Directory> open = Optional.empty();
  private String openPath = "";

  TreeIntake(TarReader tar, Directory root, TreeEntries entries, TreeStore.Limits limits) {
    this.tar = tar;
    this.root = root;
    this.entries = entries;
    this.limits = limits;
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
