package dev.paas.runtime.boot;

import dev.paas.base.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts how often this daemon has ended without having been told to: by an error, by the kernel,
 * by a kill. The control plane compares the number before and after it lost the daemon. What the
 * file says is durable before the first call is answered; a boot of the host counts for nothing.
 */
final class Lives {

  private static final Logger LOG = LoggerFactory.getLogger(Lives.class);

  /** Another one after each boot of the host. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final String LIVES = "lives";
  private static final String STOPPED = "stopped";

  private final DurableFile file;
  private final String boot;
  private long deaths;

  /**
   * @param boot which boot of the host this is
   */
  Lives(DurableFile file, String boot) {
    this.file = file;
    this.boot = boot;
  }

  static Lives in(Path data) throws IOException {
    return new Lives(new DurableFile(data.resolve("lives")), Files.readString(BOOT_ID).strip());
  }

  /** A life begins; answers with the deaths before it. */
  long begin() throws IOException {
    String[] last = file.readString().orElse("").strip().split(" ");
    if (last.length == 3 && last[0].matches("\\d{1,18}")) {
      deaths = Long.parseLong(last[0]);
      if (last[2].equals(LIVES) && last[1].equals(boot)) {
        deaths++;
        LOG.atWarn().addKeyValue("deaths", deaths).log("the daemon before this one died");
      }
    }
    file.write(deaths + " " + boot + " " + LIVES + "\n");
    return deaths;
  }

  /** It ends because it was told to. */
  void end() throws IOException {
    file.write(deaths + " " + boot + " " + STOPPED + "\n");
  }
}
