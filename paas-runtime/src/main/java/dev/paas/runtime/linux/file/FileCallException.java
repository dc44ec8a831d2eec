package dev.paas.runtime.linux.file;

import java.io.IOException;

/** A system call on a file that failed, with its errno (asm-generic/errno.h). */
public final class FileCallException extends IOException {

  private static final long serialVersionUID = 1L;

  public static final int ENOENT = 2;
  static final int EINTR = 4;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int EMLINK = 31;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  static final int ENODATA = 61;
  public static final int EOPNOTSUPP = 95;

  private final int errno;

  FileCallException(String call, String path, int errno) {
    super(call + " " + RawPath.text(path) + ": errno " + errno);
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  public boolean is(int... candidates) {
    for (int candidate : candidates) {
      if (candidate == errno) {
        return true;
      }
    }
    return false;
  }
}
