package dev.paas.router.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The priority that a supervisor may lend its session for the start of the router, while all wait
 * for it (the nice value of an autogroup, sched(7)). A router that serves is in line with the rest:
 * ahead of its clients and instances it would wake up for each single request.
 */
final class StartPriority {

  private static final Logger log = LoggerFactory.getLogger(StartPriority.class);

  private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");

  private StartPriority() {}

  /** The session is as important as any other from now on; where it was, nothing changes. */
  static void giveUp() {
    try {
      // "/autogroup-42 nice -10"
      if (Files.exists(AUTOGROUP) && Files.readString(AUTOGROUP).contains(" nice -")) {
        Files.writeString(AUTOGROUP, "0", StandardOpenOption.WRITE);
      }
    } catch (IOException refused) {
      log.atWarn().addKeyValue("why", refused).log("the router stays ahead of other sessions");
    }
  }
}
