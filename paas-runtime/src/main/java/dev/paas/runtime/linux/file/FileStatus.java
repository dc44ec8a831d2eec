package dev.paas.runtime.linux.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What statx(2) says about a file.
 *
 * @param mode type and permission bits, as in {@code st_mode}
 * @param size bytes
 * @param mtimeNanos nanoseconds within the second
 */
public record FileStatus(
    int mode,
    int uid,
    int gid,
    long size,
    long links,
    long inode,
    int deviceMajor,
    int deviceMinor,
    long mtimeSeconds,
    int mtimeNanos) {

  static final int TYPE = 0170000;
  public static final int FIFO = 0010000;
  static final int CHARACTER = 0020000;
  public static final int DIRECTORY = 0040000;
  public static final int BLOCK = 0060000;
  public static final int REGULAR = 0100000;
  public static final int SYMLINK = 0120000;
  static final int SOCKET = 0140000;

  static final int STATX_SIZE = 256;

  static FileStatus of(byte[] statx) {
    ByteBuffer b = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
    return new FileStatus(
        b.getShort(28) & 0xffff,
        b.getInt(20),
        b.getInt(24),
        b.getLong(40),
        b.getInt(16) & 0xffffffffL,
        b.getLong(32),
        b.getInt(128),
        b.getInt(132),
        b.getLong(112),
        b.getInt(120));
  }

  public int type() {
    return mode & TYPE;
  }

  /** The permission bits with setuid, setgid and sticky. */
  public int permissions() {
    return mode & 07777;
  }

  public boolean isDirectory() {
    return type() == DIRECTORY;
  }

  public boolean isRegular() {
    return type() == REGULAR;
  }

  public boolean isSymlink() {
    return type() == SYMLINK;
  }

  /** Overlay's mark for a name that is deleted: character device 0:0. */
  public boolean isWhiteout() {
    return type() == CHARACTER && deviceMajor == 0 && deviceMinor == 0;
  }
}
