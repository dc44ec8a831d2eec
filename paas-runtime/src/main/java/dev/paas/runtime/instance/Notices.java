package dev.paas.runtime.instance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;

/**
 * What the platform says in an app's own log, between the lines of its instances: what it did to
 * them, with a code of docs/problems.md.
 */
final class Notices {

  static final String STOP_TIMEOUT = "instance.stop-timeout";
  static final String OOM_KILLED = "instance.oom-killed";
  static final String DROPPED = "logs.dropped";

  private Notices() {}

  /** The text of a notice. */
  static String text(String code, String what) {
    return "paas: " + code + ": " + what;
  }

  /** Appends one to an instance's log, in the monitor's format; the monitor appends too. */
  static void append(Path log, Clock clock, String code, String what) throws IOException {
    String line = clock.instant().atOffset(ZoneOffset.UTC) + " stderr F " + text(code, what) + "\n";
    Files.write(log, line.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
