package dev.paas.runtime.linux.file;

import static dev.paas.runtime.linux.file.FileLibrary.C;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * An open directory and the calls relative to it. A path that somebody else chose is walked by
 * openat2(2), never by string arithmetic: {@link #openBeneath} refuses symbolic links and {@code
 * ..} above this directory, {@link #openInRoot} resolves links as if this directory were the root.
 * All names are raw paths (see {@link RawPath}).
 */
public final class Directory implements AutoCloseable {

  private static final int O_WRONLY = 01;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final int O_NOFOLLOW = 0400000;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_DIRECTORY = 0200000;
  private static final int O_PATH = 010000000;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final long RESOLVE_NO_XDEV = 0x01;
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long RESOLVE_NO_SYMLINKS = 0x04;
  private static final long RESOLVE_BENEATH = 0x08;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final long OPENAT2 = 437;
  private static final int STATX_BASIC = 0x7ff;

  /** Symbolic links are at most PATH_MAX long. */
  private static final int PATH_MAX = 4096;

  private final int fd;
  private final String name;
  private boolean closed;

  private Directory(int fd, String name) {
    this.fd = fd;
    this.name = name;
  }

  /** A name in a directory and its type as {@code st_mode}'s type bits. */
  public record Entry(String name, int type) {}

  /** Takes one name after the other; false ends it. */
  @FunctionalInterface
  public interface Visitor {
    boolean visit(Entry entry) throws IOException;
  }

  /** What it was opened by. */
  String name() {
    return name;
  }

  public int fd() {
    return fd;
  }

  /** Opens a directory of the platform itself by its path. */
  public static Directory open(Path path) throws IOException {
    String raw = RawPath.of(path.toString());
    return new Directory(
        (int)
            retried(
                "open", raw, () -> C.openat(AT_FDCWD, RawPath.c(raw), O_DIRECTORY | O_CLOEXEC, 0)),
        raw);
  }

  /** A directory below this one; no segment may be a symbolic link. The empty path is this one. */
  public Directory openBeneath(String path) throws IOException {
    long resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
    return new Directory(openat2(path, O_DIRECTORY | O_CLOEXEC, 0, resolve), path);
  }

  /** Like {@link #openBeneath}, or nothing when there is no such directory. */
  public Optional<Directory> findBeneath(String path) throws IOException {
    try {
      return Optional.of(openBeneath(path));
    } catch (FileCallException e) {
      if (e.is(FileCallException.ENOENT, FileCallException.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** One in this directory, unless something is mounted there; a symbolic link is refused. */
  Directory openOnThisMount(String directory) throws IOException {
    long resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
    return new Directory(openat2(directory, O_DIRECTORY | O_CLOEXEC, 0, resolve), directory);
  }

  /** A directory, symbolic links resolved as if this directory were {@code /}. */
  Directory openInRoot(String path) throws IOException {
    long resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    return new Directory(openat2(path, O_DIRECTORY | O_CLOEXEC, 0, resolve), path);
  }

  /** Like {@link #openInRoot}, or nothing when there is no such path. */
  public Optional<Directory> findInRoot(String path) throws IOException {
    try {
      return Optional.of(openInRoot(path));
    } catch (FileCallException e) {
      if (e.is(FileCallException.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The path of what {@code path} resolves to when this directory is the root, relative to it
   * (empty: itself), or nothing when there is no such file.
   */
  public Optional<String> resolveInRoot(String path) throws IOException {
    int found;
    try {
      found = openat2(path, O_PATH | O_CLOEXEC, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    } catch (FileCallException e) {
      if (e.is(FileCallException.ENOENT, FileCallException.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
    try (FileHandle handle = new FileHandle(found, path)) {
      String root = path();
      String whole = readLink(AT_FDCWD, "/proc/self/fd/" + handle.fd());
      if (whole.equals(root)) {
        return Optional.of("");
      }
      if (!whole.startsWith(root.equals("/") ? root : root + "/")) {
        throw new FileCallException("resolve", path, FileCallException.EXDEV);
      }
      return Optional.of(whole.substring(root.length() + (root.equals("/") ? 0 : 1)));
    }
  }

  /** The absolute path of this directory at this moment. */
  public String path() throws IOException {
    return readLink(AT_FDCWD, "/proc/self/fd/" + fd);
  }

  /** Opens a regular file of this directory for reading; a symbolic link is refused. */
  public FileHandle read(String file) throws IOException {
    int opened =
        (int) retried("open", file, () -> C.openat(fd, RawPath.c(file), O_NOFOLLOW | O_CLOEXEC, 0));
    return new FileHandle(opened, file);
  }

  /** Opens a file for reading, symbolic links resolved as if this directory were the root. */
  public FileHandle readInRoot(String path) throws IOException {
    return new FileHandle(
        openat2(path, O_CLOEXEC, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS), path);
  }

  /** Makes a new file (0600) and opens it for writing; a name that is taken is refused. */
  public FileHandle create(String file) throws IOException {
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int opened = (int) retried("create", file, () -> C.openat(fd, RawPath.c(file), flags, 0600));
    return new FileHandle(opened, file);
  }

  /** What is at a name, the link itself when it is one; nothing when the name is free. */
  public Optional<FileStatus> status(String file) throws IOException {
    byte[] buffer = new byte[FileStatus.STATX_SIZE];
    int result = C.statx(fd, RawPath.c(file), AT_SYMLINK_NOFOLLOW, STATX_BASIC, buffer);
    if (result < 0) {
      FileCallException e = failure("statx", file);
      if (e.is(FileCallException.ENOENT, FileCallException.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(FileStatus.of(buffer));
  }

  /** What is at a path below this directory; no segment may be a symbolic link but the last. */
  public Optional<FileStatus> statusBeneath(String path) throws IOException {
    Optional<Directory> parent = findBeneath(RawPath.parent(path));
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    try (Directory opened = parent.get()) {
      return opened.status(path.isEmpty() ? "." : RawPath.name(path));
    }
  }

  /** What this directory itself is. */
  public FileStatus status() throws IOException {
    return status(".").orElseThrow(() -> new IOException("directory is gone: " + name));
  }

  /**
   * The names in this directory, sorted by their bytes, without {@code .} and {@code ..}; nothing
   * when there are more than {@code most}.
   */
  public Optional<Names> names(int most) throws IOException {
    Names names = new Names();
    boolean all =
        DirectoryEntries.read(
            this,
            (dents, start, length, type) -> {
              if (names.size() == most) {
                return false;
              }
              names.add(dents, start, length);
              return true;
            });
    names.sort();
    return all ? Optional.of(names) : Optional.empty();
  }

  /** Whether there is nothing in this directory. */
  public boolean isEmpty() throws IOException {
    return DirectoryEntries.read(this, (dents, start, length, type) -> false);
  }

  /**
   * Visits the names in the order of the file system, without {@code .} and {@code ..}, and without
   * a list of them: there may be millions.
   */
  public void each(Visitor visitor) throws IOException {
    boolean ignored =
        DirectoryEntries.read(
            this,
            (dents, start, length, type) -> {
              String found = new String(dents, start, length, StandardCharsets.ISO_8859_1);
              // Some file systems don't say the type here.
              int told = type == 0 ? status(found).map(FileStatus::type).orElse(0) : type;
              return visitor.visit(new Entry(found, told));
            });
  }

  public void makeDirectory(String directory, int mode) throws IOException {
    check("mkdir", directory, C.mkdirat(fd, RawPath.c(directory), mode));
  }

  /** A named pipe. */
  public void makeFifo(String file) throws IOException {
    check("mkfifo", file, C.mknodat(fd, RawPath.c(file), FileStatus.FIFO | 0600, 0));
  }

  /** Overlay's mark that the name is deleted (character device 0:0). */
  public void makeWhiteout(String file) throws IOException {
    check("mknod", file, C.mknodat(fd, RawPath.c(file), FileStatus.CHARACTER, 0));
  }

  public void makeSymlink(String target, String link) throws IOException {
    check("symlink", link, C.symlinkat(RawPath.c(target), fd, RawPath.c(link)));
  }

  /** A second name for a file; a symbolic link at {@code from} is linked itself, not followed. */
  public void link(Directory fromDirectory, String from, String to) throws IOException {
    check("link", to, C.linkat(fromDirectory.fd, RawPath.c(from), fd, RawPath.c(to), 0));
  }

  public String readLink(String link) throws IOException {
    return readLink(fd, link);
  }

  private static String readLink(int directory, String link) throws IOException {
    byte[] buffer = new byte[PATH_MAX];
    long n =
        retried(
            "readlink",
            link,
            () -> C.readlinkat(directory, RawPath.c(link), buffer, buffer.length));
    return new String(buffer, 0, (int) n, StandardCharsets.ISO_8859_1);
  }

  public void remove(String file) throws IOException {
    check("unlink", file, C.unlinkat(fd, RawPath.c(file), 0));
  }

  public void removeDirectory(String directory) throws IOException {
    check("rmdir", directory, C.unlinkat(fd, RawPath.c(directory), AT_REMOVEDIR));
  }

  /**
   * Removes a name and all below it, following no link, however deep and wide it is. A name that is
   * free is a success; what is mounted below is not touched and makes it fail.
   */
  public void removeTree(String root) throws IOException {
    TreeRemoval.remove(this, root);
  }

  public void rename(String from, Directory toDirectory, String to) throws IOException {
    check("rename", from, C.renameat(fd, RawPath.c(from), toDirectory.fd, RawPath.c(to)));
  }

  /** Changes the owner of a name, of the link itself when it is one. */
  public void setOwner(String file, int uid, int gid) throws IOException {
    check("chown", file, C.fchownat(fd, RawPath.c(file), uid, gid, AT_SYMLINK_NOFOLLOW));
  }

  /** Changes permission bits; never call it with the name of a symbolic link, it is followed. */
  public void setMode(String file, int mode) throws IOException {
    check("chmod", file, C.fchmodat(fd, RawPath.c(file), mode, 0));
  }

  /** Sets access and modification time, of the link itself when it is one. */
  public void setTime(String file, long seconds, int nanos) throws IOException {
    ByteBuffer times = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
    times.putLong(seconds).putLong(nanos).putLong(seconds).putLong(nanos);
    check("utimensat", file, C.utimensat(fd, RawPath.c(file), times.array(), AT_SYMLINK_NOFOLLOW));
  }

  /** The names of the extended attributes of a name, of the link itself when it is one. */
  public List<String> attributeNames(String file) throws IOException {
    return ExtendedAttributes.of(this, file).names();
  }

  /** An extended attribute of a name, of the link itself when it is one. */
  public Optional<byte[]> attribute(String file, String attribute) {
    return ExtendedAttributes.of(this, file).get(attribute);
  }

  public void setAttribute(String file, String attribute, byte[] value) throws IOException {
    ExtendedAttributes.of(this, file).set(attribute, value);
  }

  public void removeAttribute(String file, String attribute) throws IOException {
    ExtendedAttributes.of(this, file).remove(attribute);
  }

  /** syncfs(2): everything written to the file system of this directory is on disk. */
  public void syncFileSystem() throws IOException {
    check("syncfs", name, C.syncfs(fd));
  }

  /** fsync(2) of the directory: its names are on disk. */
  public void sync() throws IOException {
    check("fsync", name, C.fsync(fd));
  }

  private int openat2(String path, int flags, int mode, long resolve) throws IOException {
    // struct open_how: u64 flags, mode, resolve.
    ByteBuffer how = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
    how.putLong(flags).putLong(mode).putLong(resolve);
    byte[] where = RawPath.c(path.isEmpty() ? "." : path);
    return (int) retried("openat2", path, () -> C.syscall(OPENAT2, fd, where, how.array(), 24));
  }

  public static void check(String call, String path, int result) throws FileCallException {
    if (result < 0) {
      throw failure(call, path);
    }
  }

  static long retried(String call, String path, LongSupplier attempt) throws FileCallException {
    while (true) {
      long result = attempt.getAsLong();
      if (result >= 0) {
        return result;
      }
      FileCallException e = failure(call, path);
      if (!e.is(FileCallException.EINTR)) {
        throw e;
      }
    }
  }

  public static FileCallException failure(String call, String path) {
    return new FileCallException(call, path, FileLibrary.RUNTIME.getLastError());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      int ignored = C.close(fd);
    }
  }
}
