package dev.paas.runtime.container;

import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.linux.file.DiskLimits;

/** How a process ended, in words. */
public final class Exits {

  /** The code of a process that was ended by a signal is this plus the signal's number. */
  private static final int SIGNAL_BASE = 128;

  private static final int KILLED = SIGNAL_BASE + 9;

  /** SIGXFSZ: a file would have become larger than a process may make one (getrlimit(2)). */
  private static final int FILE_TOO_LARGE = SIGNAL_BASE + 25;

  private Exits() {}

  /**
   * @param code of the process, 128 + n for signal n
   * @param oomKills processes of its group that the kernel killed for memory
   * @param memoryLimit in bytes; 0: none
   */
  public static Exit of(int code, long oomKills, long memoryLimit, long atMillis) {
    Exit.Builder exit = Exit.newBuilder().setCode(code).setAtMillis(atMillis);
    if (oomKills > 0 && code == KILLED) {
      return exit.setReason(Exit.Reason.OOM_KILLED)
          .setDetail("OOM-killed (limit " + (memoryLimit >> 20) + " MiB)")
          .build();
    }
    if (code == FILE_TOO_LARGE) {
      return exit.setReason(Exit.Reason.SIGNALLED)
          .setDetail("ended by signal 25: a file became larger than the disk limit")
          .build();
    }
    if (code > SIGNAL_BASE && code <= SIGNAL_BASE + 64) {
      return exit.setReason(Exit.Reason.SIGNALLED)
          .setDetail("ended by signal " + (code - SIGNAL_BASE))
          .build();
    }
    return exit.setReason(Exit.Reason.EXITED).setDetail("exited with code " + code).build();
  }

  /** The platform has ended it, because it had more on the disk than it may. */
  public static Exit diskFull(
      int code, DiskLimits.Excess excess, DiskLimits limits, long atMillis) {
    return Exit.newBuilder()
        .setReason(Exit.Reason.DISK_FULL)
        .setCode(code)
        .setAtMillis(atMillis)
        .setDetail("stopped: it " + limits.words(excess))
        .build();
  }

  /** A command that a process could not become. */
  public static Exit notExecuted(NotExecuted refused, long atMillis) {
    return Exit.newBuilder()
        .setReason(Exit.Reason.EXITED)
        .setCode(refused.code())
        .setAtMillis(atMillis)
        .setDetail(String.valueOf(refused.getMessage()))
        .build();
  }

  public static Exit startFailed(String why, long atMillis) {
    return Exit.newBuilder()
        .setReason(Exit.Reason.START_FAILED)
        .setCode(-1)
        .setAtMillis(atMillis)
        .setDetail(why)
        .build();
  }

  public static Exit unknown(long atMillis) {
    return Exit.newBuilder()
        .setReason(Exit.Reason.UNKNOWN)
        .setCode(-1)
        .setAtMillis(atMillis)
        .setDetail("ended while nobody watched")
        .build();
  }
}
