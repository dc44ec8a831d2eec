package dev.paas.runtime.linux.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders with exact permissions, whatever the umask, and their removal. */
public final class Folders {

  private Folders() {}

  /** Makes it, and what is above it, or gives the one that is there this mode. */
  public static Path create(Path path, String mode) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    return path;
  }

  /** Removes a tree without following links, however deep it is; an absent one is a success. */
  public static void delete(Path tree) throws IOException {
    Path above = tree.toAbsolutePath().resolveSibling("");
    try (Directory in = Directory.open(above)) {
      in.removeTree(RawPath.of(String.valueOf(tree.getFileName())));
    } catch (FileCallException absent) {
      if (!absent.is(FileCallException.ENOENT)) {
        throw absent;
      }
    }
  }
}
