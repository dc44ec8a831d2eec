package dev.paas.runtime.linux.mount;

import static dev.paas.runtime.linux.file.FileLibrary.C;

import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.RawPath;
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
    try (LowerLayers layers = LowerLayers.of(lowers)) {
      byte[] overlay = RawPath.c("overlay");
      String place = RawPath.of(target.toString());
      String options = layers.option();
      if (options.length() > MAX_OPTIONS) {
        throw new IOException("an overlay of " + lowers.size() + " layers has too long options");
      }
      Directory.check(
          "mount overlay",
          place,
          C.mount(
              overlay,
              RawPath.c(place),
              overlay,
              MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
              RawPath.c(options)));
    }
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
