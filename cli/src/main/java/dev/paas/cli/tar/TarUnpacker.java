package dev.paas.cli.tar;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of a tar that an instance made below one place here, and nowhere else, whatever
 * the tar says: no name leads out, no link is followed, neither one that is there nor one of the
 * tar. Links are made last, and only such as stay inside; devices and the like are left out. What
 * was left out is told, and the copy goes on.
 */
public final class TarUnpacker {

  private static final int BUFFER = 64 << 10;

  /** Links and folders whose last step waits for the end. */
  private static final int MOST_WAITING = 100_000;

  private static final long MODE = 0777;

  private static final String KINDS = "rwxrwxrwx";

  /** PATH_MAX of Linux. */
  private static final int MOST_NAME = 4096;

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final String base;
  private final Path target;
  private final Consumer<String> told;
  private final List<Later> links = new ArrayList<>();
  private final List<Later> folders = new ArrayList<>();
  private boolean complete = true;
  private long files;

  private record Later(Path path, String link, long mode, FileTime time) {}

  /**
   * @param base the first name of everything in the tar, which becomes {@code target}
   * @param target an absolute path in a folder that is there
   * @param told each thing that is left out, and why
   */
  public TarUnpacker(String base, Path target, Consumer<String> told) {
    this.base = base;
    this.target = target;
    this.told = told;
  }

  /** Whether nothing was left out. */
  public boolean isComplete() {
    return complete;
  }

  /** How many files, links and folders there are now. */
  long files() {
    return files;
  }

  public void unpack(InputStream from) throws IOException {
    HeadLimit limit = new HeadLimit(from);
    TarArchiveInputStream tar = new TarArchiveInputStream(limit, StandardCharsets.UTF_8.name());
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      limit.content(Math.max(entry.getSize(), 0));
      take(entry, tar);
      // What was not wanted of it is read here, so that the next bytes are a head.
      tar.transferTo(OutputStream.nullOutputStream());
      limit.head();
    }
    // Padding. Whether the tar was whole is told by how the program ended that made it.
    from.transferTo(OutputStream.nullOutputStream());
    finish();
  }

  private void take(TarArchiveEntry entry, InputStream content) throws IOException {
    Path path = place(entry.getName());
    if (path == null) {
      leaveOut(entry.getName(), "its name leads elsewhere");
      return;
    }
    if (!hasOwnFolder(path)) {
      leaveOut(entry.getName(), "a link or a file is where its folder should be");
      return;
    }
    FileTime time = entry.getLastModifiedTime();
    if (entry.isDirectory()) {
      folder(path, entry, time);
    } else if (entry.isSymbolicLink()) {
      add(links, new Later(path, entry.getLinkName(), 0, time));
    } else if (entry.isLink()) {
      hardLink(path, entry);
    } else if (isPlain(entry)) {
      file(path, entry.getMode(), time, content);
    } else {
      leaveOut(
          entry.getName(), entry.isSparse() ? "it has holes" : "it is no file, folder or link");
    }
  }

  private static boolean isPlain(TarArchiveEntry entry) {
    byte kind = entry.getLinkFlag();
    return !entry.isSparse()
        && (kind == TarConstants.LF_NORMAL
            || kind == TarConstants.LF_OLDNORM
            || kind == TarConstants.LF_CONTIG);
  }

  /** Where a name of the tar leads; null when it is not below the target. */
  private @Nullable Path place(String name) {
    Path path = target;
    boolean first = !base.equals(".");
    if (name.length() > MOST_NAME || name.startsWith("/")) {
      return null;
    }
    try {
      for (String part : name.split("/")) {
        if (part.equals("..") || part.indexOf('\0') >= 0) {
          return null;
        }
        if (part.isEmpty() || part.equals(".")) {
          continue;
        }
        if (first && !part.equals(base)) {
          return null;
        }
        path = first ? path : path.resolve(part);
        first = false;
      }
    } catch (InvalidPathException notHere) {
      return null;
    }
    return first ? null : path;
  }

  /** Whether all folders from the target to this are folders: none of them is a link. */
  private boolean hasOwnFolder(Path path) throws IOException {
    if (path.equals(target)) {
      return true;
    }
    for (Path at = path.getParent(); at != null && at.startsWith(target); at = at.getParent()) {
      if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        if (!hasOwnFolder(at)) {
          return false;
        }
        Files.createDirectory(at);
        return true;
      }
      if (!isFolder(at)) {
        return false;
      }
    }
    return true;
  }

  private void folder(Path path, TarArchiveEntry entry, FileTime time) throws IOException {
    files++;
    if (!isFolder(path)) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        leaveOut(entry.getName(), "there is something else of this name");
        return;
      }
      // Nobody else's until it has the mode that it is to have.
      Files.createDirectory(path, own("rwx------"));
      add(folders, new Later(path, "", entry.getMode(), time));
    }
  }

  /** The target itself may be a link of whoever copies: they have named it. */
  private boolean isFolder(Path path) {
    return path.equals(target)
        ? Files.isDirectory(path)
        : Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private void file(Path path, long mode, FileTime time, InputStream content) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      leaveOut(path.toString(), "there is a folder of this name");
      return;
    }
    // Not written through: what is there may be a link, or have other names.
    Files.deleteIfExists(path);
    try (OutputStream out =
        Channels.newOutputStream(Files.newByteChannel(path, NEW, own("rw-------")))) {
      byte[] buffer = new byte[BUFFER];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
    attributes(path, mode, time);
    files++;
  }

  /** Another name of a file that the tar had before. */
  private void hardLink(Path path, TarArchiveEntry entry) throws IOException {
    Path other = place(entry.getLinkName());
    if (other == null
        || other.equals(path)
        || !hasOwnFolder(other)
        || !Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)
        || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      leaveOut(entry.getName(), "it is a link to no file of the copy");
      return;
    }
    Files.deleteIfExists(path);
    Files.createLink(path, other);
    files++;
  }

  private void finish() throws IOException {
    for (Later link : links) {
      link(link);
    }
    // From the innermost on: what is written into a folder changes its time.
    for (int at = folders.size() - 1; at >= 0; at--) {
      Later folder = folders.get(at);
      attributes(folder.path(), folder.mode(), folder.time());
    }
  }

  private void link(Later link) throws IOException {
    Path path = link.path();
    if (!hasOwnFolder(path) || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      leaveOut(path.toString(), "something else is where it should be");
      return;
    }
    Path to;
    try {
      to = path.resolveSibling(link.link()).normalize();
    } catch (InvalidPathException notHere) {
      leaveOut(path.toString(), "it leads to a name that can't be here");
      return;
    }
    if (link.link().startsWith("/") || path.equals(target) || !to.startsWith(target)) {
      leaveOut(path.toString(), "it leads out of the copy, to " + link.link());
      return;
    }
    Files.deleteIfExists(path);
    Files.createSymbolicLink(path, Path.of(link.link()));
    files++;
  }

  private void add(List<Later> to, Later one) throws IOException {
    if (to.size() >= MOST_WAITING) {
      throw new IOException("more than " + MOST_WAITING + " folders or links at once");
    }
    to.add(one);
  }

  private FileAttribute<?>[] own(String permissions) {
    return target.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static void attributes(Path path, long mode, FileTime time) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null) {
      view.setPermissions(permissions(mode & MODE));
    }
    Files.setLastModifiedTime(path, time);
  }

  /** Without setuid, setgid and the sticky bit: they meant something in the image. */
  static Set<PosixFilePermission> permissions(long mode) {
    StringBuilder text = new StringBuilder(KINDS);
    for (int at = 0; at < KINDS.length(); at++) {
      if ((mode >> (KINDS.length() - 1 - at) & 1) == 0) {
        text.setCharAt(at, '-');
      }
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  private void leaveOut(String what, String why) {
    complete = false;
    told.accept("left out: " + what + ": " + why);
  }
}
