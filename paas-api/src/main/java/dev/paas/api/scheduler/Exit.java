package dev.paas.api.scheduler;

import java.time.Instant;

/**
 * How an instance ended.
 *
 * @param code the exit code, or 128 and the signal's number
 * @param detail one sentence for people, e.g. {@code OOM-killed (limit 512 MiB)}; may be empty
 */
public record Exit(Reason reason, int code, String detail, Instant at) {

  /** Why it ended. */
  public enum Reason {
    EXITED,
    SIGNALLED,
    OOM_KILLED,
    START_FAILED,
    DISK_FULL,

    /** Nobody saw the end, or the scheduler names a reason that is newer than this program. */
    UNKNOWN
  }

  /** An end of which nothing was told. */
  public static Exit unknown() {
    return new Exit(Reason.UNKNOWN, 0, "", Instant.EPOCH);
  }
}
