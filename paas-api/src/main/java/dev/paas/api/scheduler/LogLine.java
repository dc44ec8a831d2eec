package dev.paas.api.scheduler;

import dev.paas.base.name.InstanceName;
import java.time.Instant;

/**
 * A line of an instance's log.
 *
 * @param stderr to its standard error, not to its standard output
 * @param text without the newline
 * @param kind whose words it is
 */
public record LogLine(InstanceName instance, Instant at, boolean stderr, String text, Kind kind) {

  /** Who says a line. */
  public enum Kind {
    /** The instance printed it. */
    OUTPUT,

    /** The scheduler says what it did to the instance, with a code of docs/problems.md. */
    NOTICE,

    /** The scheduler says what became of the instance: it started, listens, ended. */
    LIFE
  }

  /** A line that the instance printed. */
  public LogLine(InstanceName instance, Instant at, boolean stderr, String text) {
    this(instance, at, stderr, text, Kind.OUTPUT);
  }
}
