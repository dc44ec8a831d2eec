package dev.paas.router.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many connections the limit of open files leaves room for. */
final class OpenFiles {

  /** Jars, logs, loops, listeners, the control socket, and connections that are being refused. */
  private static final int OWN = 160;

  private static final String LINE = "Max open files";

  private OpenFiles() {}

  /** A client's connection needs a second one, to the instance. */
  static int connections(int wanted) {
    try {
      return connections(wanted, Files.readString(Path.of("/proc/self/limits")));
    } catch (IOException unknown) {
      return wanted;
    }
  }

  static int connections(int wanted, String limits) {
    for (String line : limits.lines().toList()) {
      String[] words = line.substring(Math.min(LINE.length(), line.length())).strip().split("\\s+");
      if (line.startsWith(LINE) && words[0].matches("\\d{1,9}")) {
        return Math.max(1, Math.min(wanted, (Integer.parseInt(words[0]) - OWN) / 2));
      }
    }
    return wanted;
  }
}
