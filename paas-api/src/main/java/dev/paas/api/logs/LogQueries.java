package dev.paas.api.logs;

import dev.paas.api.formation.KnownProcesses;
import dev.paas.api.scheduler.LogQuery;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what somebody wants of an app's log from the words of their request. */
@ApplicationScoped
class LogQueries {

  /** The most lines of the past that are answered at once. */
  private static final int MAX_TAIL = 10_000;

  /** The most characters of a text that lines are searched for. */
  private static final int MAX_TEXT = 200;

  /** The process type of one-off runs, which no release has. */
  private static final String ONE_OFF = "run";

  private static final Pattern AGE = Pattern.compile("([1-9]\\d{0,8})([smhd])");

  private final KnownProcesses processes;
  private final Clock clock;

  LogQueries(KnownProcesses processes, Clock clock) {
    this.processes = processes;
    this.clock = clock;
  }

  /**
   * The query of an app's log.
   *
   * @param since {@code 10m}, a time as of RFC 3339, or empty
   * @throws dev.paas.base.problem.PaasException {@code logs.bad-tail}, {@code logs.bad-since},
   *     {@code logs.bad-grep}, {@code process.unknown}
   */
  LogQuery of(
      AppName app, String process, int slot, int tail, boolean follow, String since, String grep) {
    if (tail < 0 || tail > MAX_TAIL) {
      throw Problem.of(
              Kind.INVALID,
              "logs.bad-tail",
              "At most " + MAX_TAIL + " lines can be read at once",
              String.valueOf(tail),
              "Ask for 0 to " + MAX_TAIL + " lines.")
          .asException();
    }
    if (grep.length() > MAX_TEXT) {
      throw Problem.of(
              Kind.INVALID,
              "logs.bad-grep",
              "The text to look for is too long",
              grep.length() + " characters",
              "Look for at most " + MAX_TEXT + " characters.")
          .asException();
    }
    Instant from = time(since);
    if (!process.isEmpty() && !process.equals(ONE_OFF)) {
      processes.require(app, process);
    }
    return new LogQuery(app, process, slot, tail, follow, from, grep);
  }

  private Instant time(String since) {
    Matcher age = AGE.matcher(since);
    try {
      if (since.isEmpty()) {
        return Instant.EPOCH;
      }
      return age.matches()
          ? clock.instant().minus(length(Long.parseLong(age.group(1)), age.group(2)))
          : OffsetDateTime.parse(since).toInstant();
    } catch (DateTimeException notOne) {
      throw Problem.of(
              Kind.INVALID,
              "logs.bad-since",
              "Not a time",
              since,
              "Write 30s, 10m, 2h or 3d, or a time such as 2026-11-29T10:00:00Z.")
          .asException();
    }
  }

  private static Duration length(long number, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
