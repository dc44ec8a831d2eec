package dev.paas.runtime.log;

import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How much of an instance's output is not kept any more: a number beside its log, so that whoever
 * reads the log from its beginning learns that there was more.
 *
 * @param count the file with the number of bytes
 */
record DroppedOutput(Path count) {

  static DroppedOutput of(Path log) {
    return new DroppedOutput(log.resolveSibling(log.getFileName() + ".dropped"));
  }

  void add(long bytes) throws IOException {
    if (bytes > 0) {
      Files.writeString(count, Long.toString(bytes() + bytes));
    }
  }

  void forget() throws IOException {
    Files.deleteIfExists(count);
  }

  /** Zero also when a crash has left no number. */
  private long bytes() throws IOException {
    String text = Files.exists(count) ? Files.readString(count) : "";
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /**
   * A line that says so; nothing when everything was kept.
   *
   * @param atNanos of the first line that was kept
   */
  Optional<LogLine> marker(InstanceId id, long atNanos) throws IOException {
    long bytes = bytes();
    return bytes == 0
        ? Optional.empty()
        : Optional.of(line(id, atNanos, "at least " + ((bytes >> 20) + 1) + " MiB before this"));
  }

  /** A line for a reader that was too slow. */
  static LogLine missed(InstanceId id, long atNanos) {
    return line(id, atNanos, "output before this, which came faster than it was read");
  }

  private static LogLine line(InstanceId id, long atNanos, String what) {
    return LogLine.newBuilder()
        .setAtNanos(atNanos)
        .setId(id)
        .setStderr(true)
        .setKind(LogLine.Kind.NOTICE)
        .setText(Notices.text(Notices.DROPPED, "not kept: " + what + " (runtime.log-kept)"))
        .build();
  }
}
