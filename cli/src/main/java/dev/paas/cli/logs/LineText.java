package dev.paas.cli.logs;

import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Terminal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A line of a log as text: for a person the local time to the millisecond and a colour for each
 * instance, else the time stamp in full, which programs can sort and read.
 */
final class LineText {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("MM-dd HH:mm:ss.SSS", Locale.ROOT);

  /** Colours that can be read on light and on dark; red is left for failures. */
  private static final int[] COLOURS = {36, 33, 32, 35, 34, 96, 92, 95};

  private static final int GREY = 90;
  private static final int RED = 31;

  private final Terminal terminal;
  private final ZoneId zone;
  private final LocalDate today;

  /**
   * @param zone where the person is
   * @param today of lines of this day only the time is shown
   */
  LineText(Terminal terminal, ZoneId zone, LocalDate today) {
    this.terminal = terminal;
    this.zone = zone;
    this.today = today;
  }

  String of(Json line) {
    String stamp = line.text("at");
    String head = source(line);
    return (terminal.interactive() ? terminal.painted(GREY, shorter(stamp)) : stamp)
        + " "
        + terminal.painted(colour(line), head)
        + ": "
        + terminal.safe(line.text("text"));
  }

  private static String source(Json line) {
    String instance = line.text("instance");
    return switch (line.text("stream")) {
      case "router" -> "router";
      case "platform" -> "paas[" + instance + "]";
      default -> "app[" + instance + "]";
    };
  }

  private static int colour(Json line) {
    return line.text("stream").equals("router")
        ? RED
        : COLOURS[Math.floorMod(line.text("instance").hashCode(), COLOURS.length)];
  }

  private String shorter(String stamp) {
    try {
      ZonedDateTime at = Instant.parse(stamp).atZone(zone);
      return at.format(at.toLocalDate().equals(today) ? TIME : DAY_AND_TIME);
    } catch (DateTimeException notOne) {
      return terminal.safe(stamp); // a newer server's
    }
  }
}
