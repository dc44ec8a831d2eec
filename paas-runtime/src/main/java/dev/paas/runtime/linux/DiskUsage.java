package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.FileLibrary.C;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What files of a stranger's making take of a disk, in bytes. A walk follows no link, keeps no list
 * of a directory in memory, and ends as soon as it has found as much as matters. A file counts as
 * 16 KiB at least: the space for which ext4 has one inode.
 */
public final class DiskUsage {

  /**
   * What is found in directories that lie deeper than this many is taken for more than any limit.
   */
  public static final int MAX_DEPTH = 256;

  private static final long LEAST = 16 << 10;
  private static final int BLOCK = 512;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int STATX_BASIC = 0x7ff;

  private final long enough;
  private final boolean holes;
  private long sum;

  private DiskUsage(long enough, boolean holes) {
    this.enough = enough;
    this.holes = holes;
  }

  /**
   * The files below a folder; nothing when it is absent. A file with several names is shared out
   * among them.
   *
   * @param holes whether a hole counts like what surrounds it: who reads the file reads it, too
   * @param enough the walk ends when it has found more
   */
  public static long below(Path folder, boolean holes, long enough) throws IOException {
    DiskUsage usage = new DiskUsage(enough, holes);
    try (Directory top = Directory.open(folder)) {
      usage.walk(top, 0);
    } catch (FileCallException gone) {
      if (!gone.is(FileCallException.ENOENT)) {
        throw gone;
      }
    }
    return usage.sum;
  }

  private void walk(Directory directory, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      sum = Long.MAX_VALUE;
      return;
    }
    directory.each(
        entry -> {
          byte[] status = statx(directory, entry.name(), AT_SYMLINK_NOFOLLOW);
          if (status.length > 0) {
            add(status);
            if (type(status) == FileStatus.DIRECTORY) {
              into(directory, entry.name(), depth);
            }
          }
          return sum <= enough;
        });
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
    sum = sum + found < sum ? Long.MAX_VALUE : sum + found;
  }

  /**
   * Files that a process holds open although they have no name any more; nothing when it is gone.
   *
   * @param devices of the file systems that matter
   * @param seen inodes that were counted already; those of this process are added
   */
  public static long unnamed(int pid, Set<Long> devices, Set<Long> seen, long enough)
      throws IOException {
    DiskUsage usage = new DiskUsage(enough, false);
    try (Directory open = Directory.open(Path.of("/proc", Integer.toString(pid), "fd"))) {
      open.each(
          entry -> {
            byte[] status = statx(open, entry.name(), 0);
            boolean counts =
                status.length > 0
                    && type(status) == FileStatus.REGULAR
                    && fields(status).getInt(16) == 0
                    && devices.contains(device(status));
            if (counts && seen.add(fields(status).getLong(32))) {
              usage.add(status);
            }
            return usage.sum <= enough;
          });
    } catch (FileCallException ended) {
      return usage.sum;
    }
    return usage.sum;
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
