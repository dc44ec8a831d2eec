package dev.paas.runtime.linux.file;

import static dev.paas.runtime.linux.file.FileLibrary.C;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Removes trees that untrusted code made, following no link, however deep and wide they are. */
final class TreeRemoval {

  /**
   * Directories within each other that are open at once while a tree is removed: what lies deeper
   * is moved up first.
   */
  private static final int MAX_LEVELS = 100;

  private TreeRemoval() {}

  /** See {@link Directory#removeTree}. */
  static void remove(Directory in, String root) throws IOException {
    remove(in, root, null, 0);
  }

  /** Where directories go that lie too deep, and the number of the next one. */
  private static final class Top {
    private final Directory directory;
    private long next;

    Top(Directory directory) {
      this.directory = directory;
    }
  }

  /**
   * @param top null: {@code entry} becomes it
   */
  private static void remove(Directory in, String entry, @Nullable Top top, int level)
      throws IOException {
    if (C.unlinkat(in.fd(), RawPath.c(entry), 0) == 0) {
      return;
    }
    FileCallException failed = Directory.failure("unlink", entry);
    if (failed.is(FileCallException.ENOENT)) {
      return;
    }
    if (!failed.is(FileCallException.EISDIR)) {
      throw failed;
    }
    if (top != null && level > MAX_LEVELS) {
      moveUp(in, entry, top);
      return;
    }
    do {
      // Never into what is mounted there.
      try (Directory inside = in.openOnThisMount(entry)) {
        Top place = top == null ? new Top(inside) : top;
        inside.each(
            below -> {
              remove(inside, below.name(), place, level + 1);
              return true;
            });
      }
      // Not empty: what was moved up, or what came while it was read.
    } while (!removedDirectory(in, entry));
  }

  private static boolean removedDirectory(Directory in, String directory) throws IOException {
    try {
      in.removeDirectory(directory);
      return true;
    } catch (FileCallException again) {
      if (again.is(FileCallException.ENOTEMPTY)) {
        return false;
      }
      if (again.is(FileCallException.ENOENT)) {
        return true;
      }
      throw again;
    }
  }

  private static void moveUp(Directory in, String directory, Top top) throws IOException {
    while (true) {
      try {
        in.rename(directory, top.directory, ".deep-" + top.next++);
        return;
      } catch (FileCallException taken) {
        if (!taken.is(
            FileCallException.EEXIST, FileCallException.ENOTEMPTY, FileCallException.ENOTDIR)) {
          throw taken;
        }
      }
    }
  }
}
