package dev.paas.runtime.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders of the store with exact permissions, whatever the umask. */
final class Folders {

  private Folders() {}

  /**
   * Nobody but root passes through the store: what images brought has their modes, setuid bits too.
   * Whoever runs an image reaches its files through mounts, which need no way to the store.
   */
  static Path make(Path path, String mode) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    return path;
  }
}
