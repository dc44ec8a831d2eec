package dev.paas.cli.terminal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** A time of the past as people say it. */
public final class Age {

  private Age() {}

  /**
   * How long ago something was: {@code 40s ago}, {@code 3m ago}, {@code 2h ago}; of more than a day
   * its date in UTC. What is not a time of RFC 3339 is shown as it is.
   */
  public static String of(String time, Instant now) {
    try {
      Instant at = Instant.parse(time);
      Duration past = Duration.between(at, now);
      if (past.toDays() > 0) {
        return at.atOffset(ZoneOffset.UTC).toLocalDate().toString();
      } else if (past.toHours() > 0) {
        return past.toHours() + "h ago";
      }
      // The clocks of two machines are never the same.
      long seconds = Math.max(0, past.toSeconds());
      return seconds < 60 ? seconds + "s ago" : seconds / 60 + "m ago";
    } catch (DateTimeException notOne) {
      return time;
    }
  }
}
