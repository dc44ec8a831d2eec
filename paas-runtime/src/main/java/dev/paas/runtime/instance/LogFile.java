package dev.paas.runtime.instance;

import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One instance's log as a reader follows it: the file and the previous one that a rotation left
 * beside it.
 */
final class LogFile {

  /** What is read at once, in bytes: bounds the memory of a reader. */
  private static final int STEP = 256 << 10;

  private final Path path;
  private final Path previous;
  private final LogFormat format;
  private @Nullable Object followed;
  private long offset;

  LogFile(Path path, InstanceId id) {
    this.path = path;
    this.previous = previous(path);
    this.format = new LogFormat(id);
  }

  static Path previous(Path path) {
    return path.resolveSibling(path.getFileName() + ".1");
  }

  /** The last lines, up to a number; what follows continues after them. */
  List<LogLine> last(int count) throws IOException {
    List<LogLine> lines = new ArrayList<>();
    if (Files.exists(previous)) {
      lines.addAll(lastOf(previous, count));
    }
    try {
      followed = key(path);
      lines.addAll(lastOf(path, count));
    } catch (NoSuchFileException notYet) {
      followed = null;
    }
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  private List<LogLine> lastOf(Path file, int count) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long end = in.length();
      if (count == 0) {
        offset = end;
        return List.of();
      }
      for (long size = STEP; ; size *= 4) {
        long start = Math.max(0, end - size);
        byte[] bytes = new byte[(int) (end - start)];
        in.seek(start);
        in.readFully(bytes);
        int first = start == 0 ? 0 : newline(bytes, 0) + 1;
        List<LogLine> lines = new ArrayList<>();
        int used = parse(bytes, first, lines);
        if (start == 0 || lines.size() >= count) {
          offset = start + used;
          return lines.subList(Math.max(0, lines.size() - count), lines.size());
        }
      }
    }
  }

  /** The lines that came since the last call, up to a bound; empty when there are none now. */
  List<LogLine> more() throws IOException {
    List<LogLine> lines = new ArrayList<>();
    Object present;
    try {
      present = key(path);
    } catch (NoSuchFileException between) {
      return lines;
    }
    if (followed != null && !followed.equals(present)) {
      if (Files.exists(previous) && followed.equals(key(previous)) && read(previous, lines)) {
        return lines;
      }
      offset = 0;
    }
    followed = present;
    read(path, lines);
    return lines;
  }

  private boolean read(Path file, List<LogLine> into) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long length = in.length();
      if (length < offset) {
        offset = 0;
      }
      byte[] bytes = new byte[(int) Math.min(STEP, length - offset)];
      in.seek(offset);
      in.readFully(bytes);
      int used = parse(bytes, 0, into);
      offset += used;
      return used > 0;
    }
  }

  /** Parses complete lines and answers how far they reach. */
  private int parse(byte[] bytes, int from, List<LogLine> into) {
    int start = from;
    for (int end = newline(bytes, start); end >= 0; end = newline(bytes, start)) {
      format.line(bytes, start, end).ifPresent(into::add);
      start = end + 1;
    }
    return start;
  }

  private static int newline(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }
}
