package dev.paas.runtime.log;

import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
  private final InstanceId id;
  private final LogFormat format;
  private final Predicate<LogLine> wanted;
  private @Nullable Object followed;
  private long offset;

  LogFile(Path path, InstanceId id) {
    this(path, id, line -> true);
  }

  /**
   * @param wanted the lines that the reader is to get; of those it gets the last
   */
  LogFile(Path path, InstanceId id, Predicate<LogLine> wanted) {
    this.wanted = wanted;
    this.path = path;
    this.previous = previous(path);
    this.id = id;
    this.format = new LogFormat(id);
  }

  static Path previous(Path path) {
    return path.resolveSibling(path.getFileName() + ".1");
  }

  /**
   * The last lines, up to a number; what follows continues after them.
   *
   * @param maxBytes how much of the end is read at most
   * @param unfinished whether what has no newline yet is a line too; if not, it waits for its end
   */
  List<LogLine> last(int count, int maxBytes, boolean unfinished) throws IOException {
    Deque<LogLine> lines = new ArrayDeque<>();
    followed = key(path).orElse(null);
    long present = length(path);
    long before = length(previous);
    if (count > 0 && present < maxBytes) {
      readLast(previous, Math.min(before, maxBytes - present), line -> keep(lines, line, count));
    }
    long read = count == 0 ? 0 : Math.min(present, maxBytes);
    offset = readLast(path, read, line -> keep(lines, line, count));
    if (unfinished) {
      format.endLines(line -> keep(lines, line, count));
    }
    List<LogLine> all = new ArrayList<>(lines);
    if (all.size() < count) {
      long first = all.isEmpty() ? 0 : all.get(0).getAtNanos();
      DroppedOutput.of(path)
          .marker(id, first)
          .filter(wanted)
          .ifPresent(marker -> all.add(0, marker));
    }
    return all;
  }

  private void keep(Deque<LogLine> lines, LogLine line, int count) {
    if (!wanted.test(line)) {
      return;
    }
    lines.addLast(line);
    if (lines.size() > count) {
      lines.removeFirst();
    }
  }

  /** Reads complete lines of the last bytes, piece by piece, and answers how far they reach. */
  private long readLast(Path file, long bytes, Consumer<LogLine> lines) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long end = in.length();
      long at = Math.max(0, end - bytes);
      boolean within = at > 0;
      if (within) {
        format.enter();
      }
      while (at < end) {
        byte[] piece = piece(in, at, end);
        int first = within ? newline(piece, 0) + 1 : 0;
        int used = parse(piece, first, lines);
        if (used == 0) {
          return at;
        }
        within = false;
        at += used;
      }
      return at;
    } catch (java.io.FileNotFoundException none) {
      return 0;
    }
  }

  /**
   * The wanted ones of the lines that came since the last call, up to a bound; nothing when none
   * came at all.
   */
  Optional<List<LogLine>> more() throws IOException {
    List<LogLine> lines = allMore();
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines.stream().filter(wanted).toList());
  }

  private List<LogLine> allMore() throws IOException {
    List<LogLine> lines = new ArrayList<>();
    @Nullable Object present = key(path).orElse(null);
    if (present == null) {
      return lines; // between a rotation's two steps
    }
    boolean missed = false;
    if (followed != null && !followed.equals(present)) {
      boolean rotated = key(previous).filter(key -> key.equals(followed)).isPresent();
      while (rotated && read(previous, lines)) {
        if (!lines.isEmpty()) {
          return lines;
        }
      }
      missed = !rotated;
      offset = 0;
      if (missed) {
        format.enter();
      }
    }
    followed = present;
    boolean more = true;
    while (more && lines.isEmpty()) {
      more = read(path, lines);
    }
    if (missed && !lines.isEmpty()) {
      lines.add(0, DroppedOutput.missed(id, lines.get(0).getAtNanos()));
    }
    return lines;
  }

  private boolean read(Path file, List<LogLine> into) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long length = in.length();
      if (length < offset) {
        offset = 0;
        format.enter();
      }
      int used = parse(piece(in, offset, length), 0, into::add);
      offset += used;
      return used > 0;
    }
  }

  private static byte[] piece(RandomAccessFile in, long from, long end) throws IOException {
    byte[] bytes = new byte[(int) Math.min(STEP, end - from)];
    in.seek(from);
    in.readFully(bytes);
    return bytes;
  }

  /** Parses complete records and answers how far they reach. */
  private int parse(byte[] bytes, int from, Consumer<LogLine> into) {
    int start = from;
    for (int end = newline(bytes, start); end >= 0; end = newline(bytes, start)) {
      format.read(bytes, start, end, into);
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

  private static long length(Path file) {
    return file.toFile().length();
  }

  /** What tells a file from its successor of the same name; nothing when there is none. */
  static Optional<Object> key(Path file) throws IOException {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }
}
