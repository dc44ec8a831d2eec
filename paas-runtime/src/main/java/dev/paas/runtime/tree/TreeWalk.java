package dev.paas.runtime.tree;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.DiskUsage;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.Names;
import dev.paas.runtime.linux.file.RawPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Visits everything below a directory in the order of bytes, each directory before what is in it,
 * and keeps few names in memory: those of a directory while it is walked, and of the directories
 * above it as many as fit. The names of one that did not fit are read again after what is below it;
 * that happens only for directories that have megabytes of names below them, so it is rare.
 */
public final class TreeWalk {

  /** Names in memory at once, in bytes; one directory may have more. */
  private static final long MAX_HELD = 48 << 20;

  /** What is told of a walk. */
  public interface Visitor {
    /**
     * Something in a directory. True: what is in it is visited too; it is a directory then.
     *
     * @param path from where the walk began
     */
    boolean visit(Directory in, String name, String path, FileStatus status) throws IOException;

    /** All that is in a directory was visited; not told of the one where the walk began. */
    default void leave(String path) throws IOException {}
  }

  /** A directory that is open. */
  private static final class Level {
    private final Directory directory;
    private final String path;
    private @Nullable Names names;
    private int next;
    private String last = "";

    Level(Directory directory, String path) {
      this.directory = directory;
      this.path = path;
    }
  }

  private final NameRoom.Share room;
  private final Visitor visitor;
  private final List<Level> levels = new ArrayList<>();
  private long held;
  private long files;
  private long nameBytes;

  private TreeWalk(NameRoom.Share room, Visitor visitor) {
    this.room = room;
    this.visitor = visitor;
  }

  /**
   * Walks.
   *
   * @param top stays open
   * @throws PaasException {@code build.too-many-files}, {@code build.too-deep}
   */
  public static void below(Directory top, NameRoom.Share room, Visitor visitor) throws IOException {
    TreeWalk walk = new TreeWalk(room, visitor);
    try (Directory again = top.openBeneath("")) {
      walk.enter(again, "");
      while (!walk.levels.isEmpty()) {
        walk.step();
      }
    } finally {
      walk.levels.forEach(level -> level.directory.close());
      room.give(walk.held);
    }
  }

  private void enter(Directory directory, String path) throws IOException {
    if (levels.size() > DiskUsage.MAX_DEPTH) {
      directory.close();
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "build.too-deep",
              "Folders are nested deeper than " + DiskUsage.MAX_DEPTH,
              "/" + RawPath.text(path),
              "Remove them in the step that makes them, or nest them less.")
          .asException();
    }
    levels.add(new Level(directory, path));
  }

  private void step() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("cancelled");
    }
    Level level = levels.get(levels.size() - 1);
    Names names = names(level);
    if (level.next == names.size()) {
      leave(level);
      return;
    }
    String name = names.get(level.next++);
    level.last = name;
    count(level, name);
    String path = RawPath.join(level.path, name);
    Optional<FileStatus> status = level.directory.status(name);
    if (status.isPresent() && visitor.visit(level.directory, name, path, status.get())) {
      enter(level.directory.openBeneath(name), path);
    }
  }

  private void leave(Level level) throws IOException {
    levels.remove(levels.size() - 1);
    level.directory.close();
    drop(level);
    if (!levels.isEmpty()) {
      visitor.leave(level.path);
    }
  }

  private Names names(Level level) throws IOException {
    Names names = level.names;
    if (names == null) {
      names = read(level);
      level.next = level.last.isEmpty() ? 0 : names.after(level.last);
    }
    return names;
  }

  private Names read(Level level) throws IOException {
    int most = room.limits().directory();
    Names names =
        level
            .directory
            .names(most)
            .orElseThrow(
                () -> tooMany("in one folder (limit " + most + ")", level.path, "max-directory"));
    long bytes = names.bytes();
    // Of the directories above, the topmost go first.
    for (int i = 0; i < levels.size() - 1 && held + bytes > MAX_HELD; i++) {
      drop(levels.get(i));
    }
    room.take(bytes);
    held += bytes;
    level.names = names;
    return names;
  }

  private void drop(Level level) {
    Names names = level.names;
    if (names != null) {
      held -= names.bytes();
      room.give(names.bytes());
      level.names = null;
    }
  }

  private void count(Level level, String name) {
    NameRoom.Limits limits = room.limits();
    if (++files > limits.files()) {
      throw tooMany("(limit " + limits.files() + ")", level.path, "max-files");
    }
    nameBytes += name.length();
    if (nameBytes > limits.nameBytes()) {
      String limit = "whose names are so long together (limit ";
      throw tooMany(limit + new DataSize(limits.nameBytes()) + ")", level.path, "max-name-bytes");
    }
  }

  private static PaasException tooMany(String what, String path, String setting) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.too-many-files",
            "There are too many files " + what,
            "/" + RawPath.text(path),
            "Remove files in the step that makes them, or raise build." + setting + ".")
        .asException();
  }
}
