package dev.paas.runtime.solve.copy;

import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.Names;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.solve.match.Glob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the files that the sources of a copy name, each by a path or a pattern. */
final class SourceNames {

  /** Files that the patterns of one copy may match, and the length of their paths together. */
  private static final int MAX_MATCHES = 100_000;

  private static final long MAX_MATCHED = 8 << 20;

  /** To read a name from a directory costs as much as so many steps of a comparison. */
  private static final int READING = 64;

  /**
   * A source of a copy.
   *
   * @param name what it is called in a directory that it is copied into
   * @param path where it really is: a symbolic link that is named itself is followed
   */
  record Found(String name, String path) {}

  private final CopySource source;
  private long matched;

  SourceNames(CopySource source) {
    this.source = source;
  }

  /**
   * The real paths that one source of a copy means. A name that is missing is a problem; a pattern
   * that matches nothing is not.
   */
  List<Found> find(String written) throws IOException {
    String cleaned = DestinationPath.clean(RawPath.of(written));
    boolean pattern = PathPattern.hasWildcard(cleaned);
    List<String> found = new ArrayList<>();
    if (pattern) {
      match("", List.of(cleaned.split("/")), found);
    } else {
      found.add(PathPattern.literal(cleaned));
    }
    List<Found> real = new ArrayList<>();
    for (String path : found) {
      Optional<String> resolved = source.root().resolveInRoot(path);
      if (resolved.isPresent() && source.includes(resolved.get())) {
        real.add(new Found(RawPath.name(path), resolved.get()));
      } else if (!pattern) {
        throw missing(written, resolved.isPresent());
      }
    }
    return real;
  }

  private RuntimeException missing(String written, boolean ignored) {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.copy-source-missing",
            ignored
                ? "What is to be copied is left out by .dockerignore"
                : "What is to be copied is not there",
            written,
            source.isTree()
                ? "Commit the file, or correct the path; paths are relative to the repository."
                : "Correct the path; it is looked up in the stage that is copied from.")
        .asException();
  }

  private void match(String directory, List<String> segments, List<String> into)
      throws IOException {
    Optional<Directory> opened = openInside(directory);
    if (opened.isEmpty()) {
      return;
    }
    try (Directory at = opened.get()) {
      Glob glob = new Glob(segments.get(0));
      Names matching = new Names();
      at.each(
          entry -> {
            source.comparisons().made(READING);
            String path = RawPath.join(directory, entry.name());
            if (glob.matches(entry.name(), source.comparisons()) && source.includes(path)) {
              if (matching.size() + into.size() == MAX_MATCHES) {
                throw tooMany();
              }
              matching.add(entry.name());
            }
            return true;
          });
      for (int place : matching.order()) {
        String path = RawPath.join(directory, matching.get(place));
        if (segments.size() > 1) {
          match(path, segments.subList(1, segments.size()), into);
        } else {
          add(path, into);
        }
      }
    }
  }

  private void add(String path, List<String> into) throws IOException {
    into.add(path);
    matched += path.length();
    if (into.size() > MAX_MATCHES || matched > MAX_MATCHED) {
      throw tooMany();
    }
  }

  private static RuntimeException tooMany() {
    return Problem.of(
            Kind.IMPOSSIBLE,
            "build.too-many-files",
            "A pattern matches too many files",
            Integer.toString(MAX_MATCHES),
            "Copy the folder that they are in, or use a narrower pattern.")
        .asException();
  }

  private Optional<Directory> openInside(String path) throws IOException {
    Optional<String> real = source.root().resolveInRoot(path);
    if (real.isEmpty()) {
      return Optional.empty();
    }
    boolean directory =
        source.root().statusBeneath(real.get()).map(FileStatus::isDirectory).orElse(false);
    return directory ? source.root().findInRoot(real.get()) : Optional.empty();
  }
}
