package dev.paas.gitreceiver.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/**
 * Removes the lock files ({@code main.lock} beside {@code main}) of a process that was killed while
 * it changed a ref: nobody else would, and no ref that has one can be changed again.
 */
final class AbandonedLocks {

  private static final String SUFFIX = ".lock";

  private AbandonedLocks() {}

  /** The caller is the only one that changes refs of the repository now. */
  static void remove(Repository repository) throws IOException {
    Path folder = repository.getDirectory().toPath();
    for (String name : List.of(Constants.HEAD, Constants.PACKED_REFS, Constants.CONFIG)) {
      Files.deleteIfExists(folder.resolve(name + SUFFIX));
    }
    try (Stream<Path> refs = Files.walk(folder.resolve("refs"))) {
      for (Path lock : refs.filter(file -> file.toString().endsWith(SUFFIX)).toList()) {
        Files.deleteIfExists(lock);
      }
    }
  }
}
