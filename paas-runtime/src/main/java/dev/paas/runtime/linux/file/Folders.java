package dev.paas.runtime.linux.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Folders with exact permissions, whatever the umask, what is in them, and their removal. */
public final class Folders {

  private Folders() {}

  /** Makes it, and what is above it, or gives the one that is there this mode. */
  public static Path create(Path path, String mode) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    return path;
  }

  /** The names of what is in it, but those that begin with a dot. */
  public static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> String.valueOf(path.getFileName()))
          .filter(name -> !name.startsWith("."))
          .toList();
    }
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
