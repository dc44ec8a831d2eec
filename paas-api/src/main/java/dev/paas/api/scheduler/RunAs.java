package dev.paas.api.scheduler;

/**
 * How a run differs from what its image and the platform say.
 *
 * @param user name or id, optionally {@code :group}; empty: the image's
 * @param workingDir empty: the image's
 * @param memoryBytes 0: as much as an instance
 * @param cpuMillis 1000 for one core; 0: as much as an instance
 */
public record RunAs(String user, String workingDir, long memoryBytes, int cpuMillis) {

  /** As the image and the platform say. */
  public static final RunAs USUAL = new RunAs("", "", 0, 0);
}
