package dev.paas.runtime.linux;

import java.io.IOException;

/** A system call that failed, with its errno (errno(3)). */
public final class KernelException extends IOException {

  /** There is no such thing. */
  public static final int ENOENT = 2;

  /** There is no such process. */
  public static final int ESRCH = 3;

  /** A signal came in between. */
  public static final int EINTR = 4;

  /** It would have to wait. */
  public static final int EAGAIN = 11;

  /** It is there already. */
  public static final int EEXIST = 17;

  /** There is no such device. */
  public static final int ENODEV = 19;

  private static final long serialVersionUID = 1L;

  private final int errno;

  public KernelException(String call, int errno) {
    super(call + ": " + Kernel.CALLS.strerror(errno));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }
}
