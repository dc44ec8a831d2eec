package dev.paas.runtime.instance;

import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Reads the monitor's log format, line by line: {@code 2026-11-23T21:00:00.123456789+00:00 stdout F
 * text}, where P in place of F says that the line goes on in the next one of its stream.
 */
final class LogFormat {

  /** What is longer is cut into lines of this length, in characters. */
  private static final int MAX_LINE = 65_536;

  private final InstanceId id;
  private final StringBuilder[] begun = {new StringBuilder(), new StringBuilder()};

  LogFormat(InstanceId id) {
    this.id = id;
  }

  /** The line that is complete with this one; nothing when it goes on or is not in the format. */
  Optional<LogLine> line(byte[] bytes, int from, int to) {
    String line = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    int stream = line.indexOf(' ') + 1;
    int flag = line.indexOf(' ', stream) + 1;
    if (stream == 0 || flag == 0 || flag + 1 > line.length()) {
      return Optional.empty();
    }
    boolean stderr = line.startsWith("stderr", stream);
    StringBuilder text = begun[stderr ? 1 : 0];
    text.append(line, Math.min(flag + 2, line.length()), line.length());
    if (line.charAt(flag) == 'P' && text.length() < MAX_LINE) {
      return Optional.empty();
    }
    String complete = text.toString();
    text.setLength(0);
    try {
      OffsetDateTime at = OffsetDateTime.parse(line.substring(0, stream - 1));
      return Optional.of(
          LogLine.newBuilder()
              .setAtNanos(at.toEpochSecond() * 1_000_000_000L + at.getNano())
              .setId(id)
              .setStderr(stderr)
              .setText(complete)
              .build());
    } catch (DateTimeParseException notALine) {
      return Optional.empty();
    }
  }
}
