package dev.paas.runtime.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Limits of a process that are not a group's (getrlimit(2)), and of the file systems it gets.
 *
 * @param openFiles descriptors a process may have open
 * @param pendingSignals signals that wait for all processes of a user
 * @param messageQueueBytes what all POSIX message queues of a user may come to
 * @param ptys terminals of one container
 */
public record ResourceLimits(
    long openFiles, long pendingSignals, long messageQueueBytes, int ptys) {

  /** What programs get where the host allows it. */
  private static final long OPEN_FILES = 65_536;

  private static final long PENDING_SIGNALS = 8192;

  /** The kernel's own default: nine queues of the usual size. */
  private static final long MESSAGE_QUEUE_BYTES = 819_200;

  /** What {@code /dev/shm} and {@code /tmp} in memory may hold, however small its files are. */
  static final int TMP_FILES = 20_000;

  private static final int CAP_SYS_RESOURCE = 24;

  /**
   * The platform's limits, lowered to what this process may hand on: raising one needs
   * CAP_SYS_RESOURCE.
   */
  public static ResourceLimits ofThisHost(int ptys) throws IOException {
    return new ResourceLimits(
        atMost("Max open files", OPEN_FILES),
        atMost("Max pending signals", PENDING_SIGNALS),
        atMost("Max msgqueue size", MESSAGE_QUEUE_BYTES),
        ptys);
  }

  private static long atMost(String name, long wanted) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith(name)) {
        String hard = line.substring(name.length()).strip().split("\\s+")[1];
        return hard.equals("unlimited") ? wanted : Math.min(wanted, Long.parseLong(hard));
      }
    }
    throw new IOException("/proc/self/limits has no " + name);
  }

  /** Whether this process may raise limits, and set those of processes of others. */
  static boolean canBeRaised() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapEff:")) {
        long effective = Long.parseUnsignedLong(line.substring(7).strip(), 16);
        return (effective >>> CAP_SYS_RESOURCE & 1) == 1;
      }
    }
    return false;
  }
}
