package dev.paas.runtime.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Limits of a process that are not a group's (getrlimit(2)).
 *
 * @param openFiles descriptors a process may have open
 */
record ResourceLimits(long openFiles) {

  /** What programs get where the host allows it. */
  private static final long OPEN_FILES = 65_536;

  /**
   * The platform's limits, lowered to what this process may hand on: raising one needs
   * CAP_SYS_RESOURCE.
   */
  static ResourceLimits ofThisHost() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        String hard = line.substring("Max open files".length()).strip().split("\\s+")[1];
        boolean unlimited = hard.equals("unlimited");
        return new ResourceLimits(
            unlimited ? OPEN_FILES : Math.min(OPEN_FILES, Long.parseLong(hard)));
      }
    }
    return new ResourceLimits(1024);
  }
}
