package dev.paas.base.disk;

import dev.paas.base.problem.Causes;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DataSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The room on the file system of a folder, a part of which is a reserve: what can wait is refused
 * before the disk is full, so that what runs and what was promised still has room.
 */
public final class DiskSpace {

  private final Path folder;
  private final DataSize reserve;

  /**
   * @param folder may come into being later; until then there is room
   */
  public DiskSpace(Path folder, DataSize reserve) {
    this.folder = folder;
    this.reserve = reserve;
  }

  /** Whether only the reserve is left, or not even that. */
  public boolean isShort() {
    try {
      return Files.exists(folder) && free() < reserve.bytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Passes when there is more than the reserve.
   *
   * @throws PaasException {@code disk.full}
   */
  public void require() {
    if (isShort()) {
      throw problem().asException();
    }
  }

  /** What to say to somebody who needs room where {@link #isShort} is true. */
  public Problem problem() {
    return full("only the reserve of " + reserve + " is left");
  }

  private long free() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Whether something failed because a disk or a quota is full: ENOSPC or EDQUOT. */
  public static boolean isFull(Throwable failed) {
    return Causes.of(failed).stream().anyMatch(DiskSpace::saysFull);
  }

  /** The JDK gives the kernel's words and no number. */
  private static boolean saysFull(Throwable failed) {
    String message = failed.getMessage();
    return failed instanceof IOException
        && message != null
        && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
  }

  /** What to say to somebody whose work {@link #isFull} has stopped. */
  public static Problem full(String value) {
    return Problem.of(
        Kind.FULL,
        "disk.full",
        "The platform's disk is full",
        value,
        "Free some room on the disk of the data folder (paas doctor says how much is left), then try again.");
  }
}
