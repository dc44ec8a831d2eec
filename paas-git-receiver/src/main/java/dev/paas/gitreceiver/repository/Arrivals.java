package dev.paas.gitreceiver.repository;

import dev.paas.base.name.AppName;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds a folder for each push that is being received. It is beside the
 * repositories, so that nothing that tidies or removes one of them touches a push under way. What
 * is there when the process starts is of pushes that nobody receives any more.
 */
final class Arrivals {

  private final Path folder;

  Arrivals(Path folder) {
    this.folder = folder;
  }

  /** Makes an empty folder that nobody else has. */
  Path begin(AppName app) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return Files.createTempDirectory(folder, app + ".");
  }

  /** Removes everything; nothing is under way. */
  void sweep() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> left;
    try (Stream<Path> entries = Files.list(folder)) {
      left = entries.toList();
    }
    for (Path push : left) {
      deleteTree(push);
    }
  }

  static void deleteTree(Path top) throws IOException {
    if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
