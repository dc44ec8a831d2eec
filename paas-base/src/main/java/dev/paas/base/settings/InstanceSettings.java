package dev.paas.base.settings;

import java.time.Duration;

/**
 * Instances and their isolation.
 *
 * @param network addresses of instances, an IPv4 range between /16 and /24; the first address is
 *     the gateway
 * @param uidBase first host uid of the ranges that apps get
 * @param uidRanges how many ranges of 65,536 ids there are: one an app
 * @param disk what one instance may write to its root filesystem; a file counts as 16 KiB at least
 * @param maxFiles how many names it may make there: each further hard link of a file is one more
 * @param ptys terminals of one instance, of the host's kernel.pty.max
 * @param connections of one instance in the host's table of connections
 * @param oneOffs one-off runs at once
 * @param oneOffsKeptFree places of these that only a user without a run gets
 * @param sessionOutput the output that is kept of one run or exec
 * @param sessionLimit how long a run or exec may last whose caller names no time
 * @param sessionsKept how long the exit and output of one that has ended are kept
 * @param sessionsKeptMost how many of these are kept
 * @param execs how many execs may run in one instance
 * @param startLimit how long the making of a process may take
 * @param settle what a process without a port must live through before it counts as running
 * @param sweepInterval how often what belongs to no instance is looked for and removed
 * @param trustHostCertificates give the host's certificate authorities and proxy variables to
 *     builds
 */
public record InstanceSettings(
    String network,
    @AtLeast("65536") long uidBase,
    int uidRanges,
    @AtLeast("4MiB") DataSize memory,
    int cpuMillis,
    int pids,
    DataSize tmp,
    DataSize shm,
    DataSize disk,
    int maxFiles,
    DataSize logKept,
    int ptys,
    int connections,
    int oneOffs,
    int oneOffsKeptFree,
    @AtLeast("64KiB") DataSize sessionOutput,
    Duration sessionLimit,
    Duration sessionsKept,
    int sessionsKeptMost,
    int execs,
    Duration startLimit,
    Duration restartBackoffMin,
    Duration restartBackoffMax,
    @AtLeast("0ms") Duration settle,
    Duration sweepInterval,
    boolean trustHostCertificates) {
  /** User ids are 32 bits wide, and the last one means "none" (chown(2)). */
  private static final long MAX_UID = 0xFFFF_FFFEL;

  private static final long RANGE = 1L << 16;

  public InstanceSettings {
    BadSetting.inOrder(
        "runtime.restart-backoff-min",
        restartBackoffMin,
        "runtime.restart-backoff-max",
        restartBackoffMax);
    long most = (MAX_UID - uidBase + 1) / RANGE;
    if (uidRanges > most) {
      throw BadSetting.of(
          "There are not as many user ids above runtime.uid-base",
          "runtime.uid-ranges = " + uidRanges,
          "Write "
              + Math.max(most, 1)
              + " or less, or set runtime.uid-base to "
              + (MAX_UID + 1 - RANGE * uidRanges)
              + " or less.");
    }
  }
}
