package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.FileLibrary.C;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A merged, read-only view of directories (overlay without an upper directory). */
public final class ReadOnlyOverlay {

  private static final long MS_RDONLY = 1;
  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final long MS_NOEXEC = 8;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  /** mount(2) takes its options as one page. */
  private static final int MAX_OPTIONS = 4095;

  private ReadOnlyOverlay() {}

  /**
   * @param lowers at least two, the lowest first
   */
  public static void mount(List<Path> lowers, Path target) throws IOException {
    StringBuilder options = new StringBuilder("lowerdir=");
    for (int i = lowers.size() - 1; i >= 0; i--) {
      String raw = RawPath.of(lowers.get(i).toString());
      options.append(raw.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,"));
      options.append(i == 0 ? "" : ":");
    }
    if (options.length() > MAX_OPTIONS) {
      throw new IOException("an overlay of " + lowers.size() + " layers has too long options");
    }
    byte[] overlay = RawPath.c("overlay");
    String place = RawPath.of(target.toString());
    Directory.check(
        "mount overlay",
        place,
        C.mount(
            overlay,
            RawPath.c(place),
            overlay,
            MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
            RawPath.c(options.toString())));
  }

  /** Takes the mount away; a place where nothing is mounted is a success. */
  public static void unmount(Path target) throws IOException {
    String place = RawPath.of(target.toString());
    int done = C.umount2(RawPath.c(place), MNT_DETACH | UMOUNT_NOFOLLOW);
    if (done < 0) {
      FileCallException e = Directory.failure("umount", place);
      if (!e.is(FileCallException.EINVAL, FileCallException.ENOENT)) {
        throw e;
      }
    }
  }
}
