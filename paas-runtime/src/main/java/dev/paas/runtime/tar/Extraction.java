package dev.paas.runtime.tar;

import dev.paas.base.tar.TarEntry;
import dev.paas.base.tar.TarReader;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the entries of one layer below a directory. Every parent is opened by openat2 without
 * links, every name is made new, so that no entry can use what an earlier one planted. Whiteouts
 * become overlay's marks (OCI image-spec, layer.md). Device nodes are left out: an instance's
 * {@code /dev} is its own. Of extended attributes only {@code security.capability} and {@code
 * user.*} are kept.
 */
public final class Extraction {

  private static final String WHITEOUT = ".wh.";
  public static final String OPAQUE = ".wh..wh..opq";
  public static final String OPAQUE_ATTRIBUTE = "trusted.overlay.opaque";

  /**
   * Directories get their times when all is extracted. What is remembered of them until then, in
   * bytes: some 90,000 directories.
   */
  private static final long MAX_REMEMBERED = 24 << 20;

  /** What an entry takes in memory besides its texts, in bytes. */
  private static final int REMEMBERED_ENTRY = 200;

  private final TarReader tar;
  private final Directory root;
  private final ExtractLimits limits;
  private final byte[] buffer = new byte[1 << 17];
  private final Map<String, TarEntry> directories = new LinkedHashMap<>();
  private long bytes;
  private long unpacked;
  private long remembered;
  private int entries;
  private boolean replaced;
  private String openPath = "";
  private Optional<Directory> open = Optional.empty();

  public Extraction(TarReader tar, Directory root, ExtractLimits limits) {
    this.tar = tar;
    this.root = root;
    this.limits = limits;
  }

  /** Extracts all; returns the sum of the files' bytes. */
  public long run() throws IOException {
    try {
      for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
        count();
        measure(next.get());
        extract(next.get());
      }
      // Last, because making a file in a directory changes the directory's time.
      for (Map.Entry<String, TarEntry> made : directories.entrySet()) {
        finishDirectory(made.getKey(), made.getValue());
      }
      return bytes;
    } finally {
      open.ifPresent(Directory::close);
    }
  }

  /** How many files, links and directories were made, those included that nobody named. */
  public int entries() {
    return entries;
  }

  /** Whether a file that was extracted is gone: a later entry of the archive has its name. */
  public boolean hasReplaced() {
    return replaced;
  }

  private void count() {
    if (++entries > limits.maxEntries()) {
      throw BadTar.tooLarge("it holds more than " + limits.maxEntries() + " entries");
    }
  }

  /** All of an entry that has to be read or stored, also of one that is left out. */
  private void measure(TarEntry entry) {
    add(entry.size());
    entry.attributes().values().forEach(value -> add(value.length));
  }

  private void add(long size) {
    if (size > limits.maxBytes() - unpacked) {
      throw BadTar.tooLarge("it unpacks to more than " + limits.maxBytes() + " bytes");
    }
    unpacked += size;
  }

  private void extract(TarEntry entry) throws IOException {
    String path = SafePath.of(entry.path());
    if (path.isEmpty()) {
      if (entry.type() == TarEntry.Type.DIRECTORY) {
        remember(path, entry);
      }
      return;
    }
    String name = RawPath.name(path);
    try {
      if (name.startsWith(WHITEOUT)) {
        whiteout(parent(path), name, entry);
      } else if (entry.type() == TarEntry.Type.DIRECTORY) {
        directory(path, entry);
      } else if (entry.type() != TarEntry.Type.DEVICE) {
        make(parent(path), name, entry);
      }
    } catch (FileCallException e) {
      if (e.is(FileCallException.ELOOP, FileCallException.ENOTDIR)) {
        throw BadTar.unsafe("an entry lies below something that is no directory", entry.path());
      }
      if (e.is(FileCallException.EISDIR, FileCallException.ENOTEMPTY)) {
        throw BadTar.unsafe("an entry replaces a directory that is not empty", entry.path());
      }
      if (e.is(FileCallException.ENAMETOOLONG)) {
        throw BadTar.unsafe("a name is too long", entry.path());
      }
      throw e;
    }
  }

  private void whiteout(Directory parent, String name, TarEntry entry) throws IOException {
    if (name.equals(OPAQUE)) {
      parent.setAttribute(".", OPAQUE_ATTRIBUTE, "y".getBytes(StandardCharsets.US_ASCII));
      return;
    }
    String hidden = name.substring(WHITEOUT.length());
    if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
      throw BadTar.unsafe("a whiteout hides no name", entry.path());
    }
    // aufs left its own marks (.wh..wh.plnk …) in old layers; and a layer's own entry is never
    // hidden by its whiteout.
    if (!hidden.startsWith(WHITEOUT) && parent.status(hidden).isEmpty()) {
      parent.makeWhiteout(hidden);
    }
  }

  private void directory(String path, TarEntry entry) throws IOException {
    Directory parent = parent(path);
    String name = RawPath.name(path);
    Optional<FileStatus> present = parent.status(name);
    if (present.isPresent() && !present.get().isDirectory()) {
      replaced = true;
      parent.remove(name);
      present = Optional.empty();
    }
    if (present.isEmpty()) {
      parent.makeDirectory(name, 0755);
    }
    remember(path, entry);
  }

  private void remember(String path, TarEntry entry) {
    remembered += REMEMBERED_ENTRY + path.length() + entry.path().length() + entry.link().length();
    for (Map.Entry<String, byte[]> attribute : entry.attributes().entrySet()) {
      remembered += REMEMBERED_ENTRY + attribute.getKey().length() + attribute.getValue().length;
    }
    if (remembered > MAX_REMEMBERED) {
      throw BadTar.tooLarge("it holds too many directories");
    }
    directories.remove(path);
    directories.put(path, entry);
  }

  private void finishDirectory(String path, TarEntry entry) throws IOException {
    Optional<Directory> found;
    try {
      found = root.findBeneath(path);
    } catch (FileCallException replaced) {
      // A later entry of the archive took the directory's place.
      return;
    }
    if (found.isPresent()) {
      try (Directory directory = found.get()) {
        directory.setOwner(".", entry.uid(), entry.gid());
        directory.setMode(".", entry.mode());
        attributes(directory, ".", entry);
        directory.setTime(".", entry.mtimeSeconds(), entry.mtimeNanos());
      }
    }
  }

  private void make(Directory parent, String name, TarEntry entry) throws IOException {
    Optional<FileStatus> present = parent.status(name);
    if (present.isPresent()) {
      if (present.get().isDirectory()) {
        parent.removeDirectory(name);
      } else {
        replaced = true;
        parent.remove(name);
      }
    }
    switch (entry.type()) {
      case FILE -> file(parent, name, entry);
      case HARD_LINK -> {
        hardLink(parent, name, entry);
        return;
      }
      case SYMLINK -> symlink(parent, name, entry);
      case FIFO -> {
        parent.makeFifo(name);
        parent.setOwner(name, entry.uid(), entry.gid());
        parent.setMode(name, entry.mode());
      }
      case DIRECTORY, DEVICE -> throw new IllegalStateException("handled before");
    }
    attributes(parent, name, entry);
    parent.setTime(name, entry.mtimeSeconds(), entry.mtimeNanos());
  }

  private void file(Directory parent, String name, TarEntry entry) throws IOException {
    bytes += entry.size();
    try (FileHandle file = parent.create(name)) {
      for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
        file.write(buffer, n);
      }
      // chown clears setuid, so it comes before chmod.
      file.setOwner(entry.uid(), entry.gid());
      file.setMode(entry.mode());
    }
  }

  private void symlink(Directory parent, String name, TarEntry entry) throws IOException {
    if (entry.link().isEmpty() || entry.link().length() > ExtractLimits.MAX_PATH) {
      throw BadTar.unsafe("a symbolic link has no usable target", entry.path());
    }
    parent.makeSymlink(entry.link(), name);
    parent.setOwner(name, entry.uid(), entry.gid());
  }

  private void hardLink(Directory parent, String name, TarEntry entry) throws IOException {
    String target = SafePath.of(entry.link());
    if (target.isEmpty()) {
      throw BadTar.unsafe("a hard link has no usable target", entry.path());
    }
    try (Directory from = root.openBeneath(RawPath.parent(target))) {
      parent.link(from, RawPath.name(target), name);
    } catch (FileCallException e) {
      if (e.is(FileCallException.ENOENT)) {
        throw BadTar.unsafe("a hard link leads to nothing in this layer", entry.path());
      }
      throw e;
    }
  }

  private void attributes(Directory parent, String name, TarEntry entry) throws IOException {
    for (Map.Entry<String, byte[]> attribute : entry.attributes().entrySet()) {
      String key = attribute.getKey();
      if (keepsAttribute(key) && entry.type() != TarEntry.Type.SYMLINK) {
        try {
          parent.setAttribute(name, key, attribute.getValue());
        } catch (FileCallException refused) {
          // Too many, too long, or no capability: file systems say it in different ways.
          throw BadTar.unsafe("an extended attribute can't be stored", entry.path());
        }
      }
    }
  }

  /** Overlay's own marks and security labels of another host never become a part of a layer. */
  public static boolean keepsAttribute(String key) {
    return key.equals("security.capability")
        || (key.startsWith("user.") && !key.startsWith("user.overlay."));
  }

  /** The directory that an entry goes into, made when it is missing; kept open for the next one. */
  private Directory parent(String path) throws IOException {
    String wanted = RawPath.parent(path);
    if (open.isPresent() && wanted.equals(openPath)) {
      return open.get();
    }
    open.ifPresent(Directory::close);
    open = Optional.empty();
    Optional<Directory> found = root.findBeneath(wanted);
    Directory opened = found.isPresent() ? found.get() : makeParents(wanted);
    open = Optional.of(opened);
    openPath = wanted;
    return opened;
  }

  private Directory makeParents(String path) throws IOException {
    Directory at = root.openBeneath("");
    for (String segment : path.split("/")) {
      try (Directory above = at) {
        if (above.status(segment).isEmpty()) {
          count();
          above.makeDirectory(segment, 0755);
          above.setMode(segment, 0755);
        }
        at = above.openBeneath(segment);
      }
    }
    return at;
  }
}
