package dev.paas.runtime.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;

/**
 * What the platform says in an app's own log, between the lines of its instances: what it did to
 * them, with a code of docs/problems.md.
 */
public final class Notices {

  public static final String STOP_TIMEOUT = "instance.stop-timeout";
  public static final String OOM_KILLED = "instance.oom-killed";
  static final String DROPPED = "logs.dropped";

  private Notices() {}

  /** The text of a notice. */
  static String text(String code, String what) {
    return "paas: " + code + ": " + what;
  }

  /** Appends one to an instance's log, in the monitor's format; the monitor appends too. */
  public static void append(Path log, Clock clock, String code, String what) throws IOException {
    append(log, LogFormat.notice(clock.instant(), text(code, what)));
  }

  /** Appends what has become of an instance to its log. */
  public static void appendLife(Path log, Clock clock, String what) throws IOException {
    append(log, LogFormat.life(clock.instant(), what));
  }

  private static void append(Path log, byte[] line) throws IOException {
    Files.write(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
