package dev.paas.runtime.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.text.LineBytes;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.function.Consumer;

/**
 * Reads the monitor's log format, record by record: {@code 2026-11-23T21:00:00.123456789+00:00
 * stdout F text}, where P in place of F says that the line goes on in the next record of its
 * stream. A record ends wherever the monitor's read ended, also within a character. The platform
 * adds records of its own: N for a line that says what it did, L for one that says what became of
 * the instance, and E for the end of a process, which ends the lines of both streams.
 */
final class LogFormat {

  /** What is longer is cut into lines of this length, in bytes. */
  private static final int MAX_LINE = 65_536;

  private static final byte[] STDERR = "stderr".getBytes(US_ASCII);

  private static final String NOTICE = " stderr N ";
  private static final String LIFE = " stderr L ";
  private static final String END = " stderr E ";

  private final InstanceId id;
  private final Stream stdout = new Stream(false);
  private final Stream stderr = new Stream(true);

  /** A stream with the line that it has begun. */
  private static final class Stream {
    private final boolean stderr;
    private final LineBytes line = new LineBytes(MAX_LINE);

    /** When the last of it was written. */
    private long at;

    /** What comes next may begin within a character, whose beginning was not read. */
    private boolean entered;

    Stream(boolean stderr) {
      this.stderr = stderr;
    }
  }

  LogFormat(InstanceId id) {
    this.id = id;
  }

  /** A record: what the platform says between the lines of an instance. */
  static byte[] notice(Instant at, String text) {
    return (at.atOffset(ZoneOffset.UTC) + NOTICE + text + "\n").getBytes(UTF_8);
  }

  /** A record: what has become of an instance. */
  static byte[] life(Instant at, String text) {
    // A reason may come from a program's own message: a record is one line.
    String line = text.replace('\n', ' ').replace('\r', ' ');
    return (at.atOffset(ZoneOffset.UTC) + LIFE + line + "\n").getBytes(UTF_8);
  }

  /** A record: the process has ended, and the next one's lines are its own. */
  static byte[] end(Instant at) {
    return (at.atOffset(ZoneOffset.UTC) + END + "\n").getBytes(UTF_8);
  }

  /** Whether the last record of a log is the end of a process. */
  static boolean isEnd(byte[] lastBytes) {
    return new String(lastBytes, US_ASCII).endsWith(END + "\n");
  }

  /** How many bytes {@link #isEnd} looks at. */
  static int endLength() {
    return END.length() + 1;
  }

  /** Reads a record; {@code into} gets the lines that are complete with it, if any. */
  void read(byte[] bytes, int from, int to, Consumer<LogLine> into) {
    int streamAt = after(' ', bytes, from, to);
    int flagAt = after(' ', bytes, streamAt, to);
    if (streamAt >= to || flagAt >= to) {
      return;
    }
    long at;
    try {
      String stamp = new String(bytes, from, streamAt - 1 - from, US_ASCII);
      OffsetDateTime moment = OffsetDateTime.parse(stamp);
      at = moment.toEpochSecond() * 1_000_000_000L + moment.getNano();
    } catch (DateTimeParseException notARecord) {
      return;
    }
    int textAt = Math.min(flagAt + 2, to);
    Stream stream = startsWith(STDERR, bytes, streamAt, to) ? stderr : stdout;
    switch (bytes[flagAt]) {
      case 'E' -> endLines(into);
      case 'N' -> into.accept(said(LogLine.Kind.NOTICE, at, bytes, textAt, to));
      case 'L' -> into.accept(said(LogLine.Kind.LIFE, at, bytes, textAt, to));
      default -> {
        add(stream, bytes, textAt, to, at, into);
        if (bytes[flagAt] != 'P') {
          into.accept(line(at, stream.stderr, stream.line.end()));
        }
      }
    }
  }

  private void add(Stream stream, byte[] bytes, int from, int to, long at, Consumer<LogLine> into) {
    int start = stream.entered ? LineBytes.firstCharacter(bytes, from, to) : from;
    stream.entered = false;
    stream.at = at;
    stream.line.add(bytes, start, to, cut -> into.accept(line(at, stream.stderr, cut)));
  }

  /** Ends the lines that have been begun: nothing more of them will come, or be waited for. */
  void endLines(Consumer<LogLine> into) {
    for (Stream stream : new Stream[] {stdout, stderr}) {
      if (!stream.line.isEmpty()) {
        into.accept(line(stream.at, stream.stderr, stream.line.end()));
      }
    }
  }

  /** What is read next does not follow what was read last. */
  void enter() {
    for (Stream stream : new Stream[] {stdout, stderr}) {
      stream.line.clear();
      stream.entered = true;
    }
  }

  private LogLine said(LogLine.Kind kind, long at, byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, UTF_8);
    return line(at, true, text).toBuilder().setKind(kind).build();
  }

  private LogLine line(long at, boolean fromStderr, String text) {
    return LogLine.newBuilder()
        .setAtNanos(at)
        .setId(id)
        .setStderr(fromStderr)
        .setText(text)
        .build();
  }

  /** The index behind the next such byte; {@code to} when there is none. */
  private static int after(char wanted, byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return Math.min(at + 1, to);
  }

  private static boolean startsWith(byte[] prefix, byte[] bytes, int from, int to) {
    return to - from >= prefix.length
        && java.util.Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }
}
