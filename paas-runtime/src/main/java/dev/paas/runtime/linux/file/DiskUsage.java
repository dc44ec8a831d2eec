package dev.paas.runtime.linux.file;

import static dev.paas.runtime.linux.file.FileLibrary.C;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts what untrusted code has made on a disk. A walk follows no link, keeps no list of a
 * directory in memory, and ends as soon as it has found more than a limit. A file counts as 16 KiB
 * at least: the space for which ext4 has one inode.
 */
public final class DiskUsage {

  /** Directories may lie within each other this deep. */
  public static final int MAX_DEPTH = 256;

  /** Files without a name that are told apart; more of them are taken for too many files. */
  private static final int MAX_UNNAMED = 100_000;

  private static final long LEAST = 16 << 10;
  private static final int BLOCK = 512;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int STATX_BASIC = 0x7ff;

  private final DiskLimits limits;
  private final boolean holes;
  private final Set<Long> unnamed = new HashSet<>();
  private DiskLimits.Excess excess = DiskLimits.Excess.NONE;
  private long bytes;
  private long files;
  private long nameBytes;

  /**
   * @param holes whether a hole counts like what surrounds it: who reads the file reads it, too
   */
  public DiskUsage(DiskLimits limits, boolean holes) {
    this.limits = limits;
    this.holes = holes;
  }

  /** The first limit that was found to be exceeded; what is there beyond it was not counted. */
  public DiskLimits.Excess excess() {
    return excess;
  }

  /** A file with several names is shared out among them. */
  public long bytes() {
    return bytes;
  }

  public long files() {
    return files;
  }

  /** Adds what is below a folder, and not the folder itself; an absent one has nothing. */
  public void add(Path folder) throws IOException {
    try (Directory top = Directory.open(folder)) {
      walk(top, 0);
    } catch (FileCallException gone) {
      if (!gone.is(FileCallException.ENOENT)) {
        throw gone;
      }
    }
  }

  private void walk(Directory directory, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      exceeded(DiskLimits.Excess.DEPTH);
      return;
    }
    long[] here = {0};
    directory.each(
        entry -> {
          if (++here[0] > limits.directory()) {
            exceeded(DiskLimits.Excess.DIRECTORY);
          }
          nameBytes += entry.name().length();
          if (nameBytes > limits.nameBytes()) {
            exceeded(DiskLimits.Excess.NAME_BYTES);
          }
          byte[] status = statx(directory, entry.name(), AT_SYMLINK_NOFOLLOW);
          if (status.length > 0) {
            add(status);
            if (type(status) == FileStatus.DIRECTORY && isWithin()) {
              into(directory, entry.name(), depth);
            }
          }
          return isWithin();
        });
  }

  private boolean isWithin() {
    return excess == DiskLimits.Excess.NONE;
  }

  private void exceeded(DiskLimits.Excess what) {
    excess = isWithin() ? what : excess;
  }

  private void into(Directory directory, String name, int depth) throws IOException {
    try (Directory inside = directory.openBeneath(name)) {
      walk(inside, depth + 1);
    } catch (FileCallException changed) {
      if (!changed.is(
          FileCallException.ENOENT, FileCallException.ENOTDIR, FileCallException.ELOOP)) {
        throw changed;
      }
    }
  }

  private void add(byte[] status) {
    ByteBuffer fields = fields(status);
    long blocks = fields.getLong(48) * BLOCK;
    long size = type(status) == FileStatus.REGULAR && holes ? fields.getLong(40) : 0;
    boolean directory = type(status) == FileStatus.DIRECTORY;
    long names = directory ? 1 : Math.max(1, fields.getInt(16) & 0xffffffffL);
    long found = Math.max(LEAST, Math.max(blocks, size)) / names;
    bytes = bytes + found < bytes ? Long.MAX_VALUE : bytes + found;
    if (bytes > limits.bytes()) {
      exceeded(DiskLimits.Excess.BYTES);
    }
    if (++files > limits.files()) {
      exceeded(DiskLimits.Excess.FILES);
    }
  }

  /**
   * Adds files that a process holds open although they have no name any more; one that is gone has
   * none.
   *
   * @param devices of the file systems that matter
   */
  public void addUnnamed(int pid, Set<Long> devices) throws IOException {
    try (Directory open = Directory.open(Path.of("/proc", Integer.toString(pid), "fd"))) {
      open.each(
          entry -> {
            byte[] status = statx(open, entry.name(), 0);
            boolean counts =
                status.length > 0
                    && type(status) == FileStatus.REGULAR
                    && fields(status).getInt(16) == 0
                    && devices.contains(device(status));
            if (counts && unnamed.add(fields(status).getLong(32))) {
              add(status);
              if (unnamed.size() > MAX_UNNAMED) {
                exceeded(DiskLimits.Excess.FILES);
              }
            }
            return isWithin();
          });
    } catch (FileCallException ended) {
      return;
    }
  }

  /** The file systems that some folders are on. */
  public static Set<Long> devices(Iterable<Path> paths) throws IOException {
    Set<Long> all = new HashSet<>();
    for (Path path : paths) {
      try (Directory directory = Directory.open(path)) {
        byte[] status = statx(directory, ".", 0);
        if (status.length > 0) {
          all.add(device(status));
        }
      } catch (FileCallException gone) {
        if (!gone.is(FileCallException.ENOENT)) {
          throw gone;
        }
      }
    }
    return all;
  }

  /** What is free on the file system of a folder, its inodes valued at 16 KiB each, in bytes. */
  public static long free(Path folder) throws IOException {
    byte[] statvfs = new byte[256];
    byte[] path = RawPath.c(RawPath.of(folder.toString()));
    Directory.check("statvfs", folder.toString(), C.statvfs(path, statvfs));
    // struct statvfs: bsize, frsize, blocks, bfree, bavail, files, ffree, all of 64 bits.
    ByteBuffer fields = fields(statvfs);
    return fields.getLong(24) * fields.getLong(8) + fields.getLong(48) * LEAST;
  }

  private static byte[] statx(Directory directory, String name, int flags) {
    byte[] buffer = new byte[FileStatus.STATX_SIZE];
    int result = C.statx(directory.fd(), RawPath.c(name), flags, STATX_BASIC, buffer);
    return result < 0 ? new byte[0] : buffer;
  }

  private static ByteBuffer fields(byte[] struct) {
    return ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
  }

  private static int type(byte[] statx) {
    return fields(statx).getShort(28) & FileStatus.TYPE;
  }

  private static long device(byte[] statx) {
    return ((long) fields(statx).getInt(136) << 32) | (fields(statx).getInt(140) & 0xffffffffL);
  }
}
