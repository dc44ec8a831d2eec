package dev.paas.runtime.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders of the store with exact permissions, whatever the umask. */
final class Folders {

  private Folders() {}

  /** Mapped users must be able to pass through to a root filesystem: they need {@code x}. */
  static Path make(Path path, String mode) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    return path;
  }
}
