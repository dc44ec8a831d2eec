package dev.paas.api.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder that is deleted with all that is in it when it is closed: for what starts before a test
 * and outlives it, and so can't have a {@code @TempDir}.
 */
record TestFolder(Path path) implements AutoCloseable {

  static TestFolder make(String prefix) throws IOException {
    return new TestFolder(Files.createTempDirectory(prefix));
  }

  /** One on the file system of another folder. */
  static TestFolder makeIn(Path parent, String prefix) throws IOException {
    return new TestFolder(Files.createTempDirectory(parent, prefix));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        // A daemon that is ending may have removed its socket meanwhile.
        Files.deleteIfExists(each);
      }
    }
  }
}
