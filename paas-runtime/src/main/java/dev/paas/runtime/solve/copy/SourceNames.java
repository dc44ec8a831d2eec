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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
   * @param base where {@code below} begins, really
   * @param below the directories below the destination that it belongs into; of a directory, its
   *     own name included
   */
  record Found(String name, String path, String base, String below) {

    /** What lies in the destination itself. */
    Found(String name, String path) {
      this(name, path, "", "");
    }
  }

  /** What stands before it is left out of the paths that are kept. */
  private static final String PIVOT = "/./";

  /** A segment for any directories, none included. */
  private static final String ANY_DEPTH = "**";

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
    return find(RawPath.of(written), written);
  }

  private List<Found> find(String raw, String written) throws IOException {
    String cleaned = DestinationPath.clean(raw);
    boolean pattern = PathPattern.hasWildcard(cleaned);
    List<String> found = new ArrayList<>();
    if (pattern) {
      match("", List.of(cleaned.split("/")), false, found);
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

  /**
   * The same with the directories of each path: those behind the pivot, where there is one. A link
   * that is named is itself.
   */
  List<Found> findWithParents(String written) throws IOException {
    String raw = RawPath.of(written);
    int pivot = raw.indexOf(PIVOT);
    String base = pivot < 0 ? "." : raw.substring(0, pivot);
    String rest = DestinationPath.clean(pivot < 0 ? raw : raw.substring(pivot + PIVOT.length()));
    boolean pattern = PathPattern.hasWildcard(rest);
    List<Found> found = new ArrayList<>();
    for (Found start : find(base, written)) {
      Set<String> paths = new LinkedHashSet<>();
      if (pattern) {
        List<String> matching = new ArrayList<>();
        match(start.path(), List.of(rest.split("/")), true, matching);
        paths.addAll(matching);
      } else {
        paths.add(RawPath.join(start.path(), PathPattern.literal(rest)));
      }
      for (String path : paths) {
        Optional<Found> kept = withParents(start.path(), path);
        kept.ifPresent(found::add);
        if (kept.isEmpty() && !pattern) {
          throw missing(written, source.root().resolveInRoot(path).isPresent());
        }
      }
    }
    return found;
  }

  private Optional<Found> withParents(String base, String path) throws IOException {
    String relative =
        base.isEmpty() ? path : path.substring(Math.min(path.length(), base.length() + 1));
    Optional<String> parent = source.root().resolveInRoot(RawPath.parent(path));
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    String real = path.isEmpty() ? "" : RawPath.join(parent.get(), RawPath.name(path));
    Optional<FileStatus> status = source.root().statusBeneath(real);
    if (status.isEmpty() || !source.includes(real)) {
      return Optional.empty();
    }
    String below = status.get().isDirectory() ? relative : RawPath.parent(relative);
    return Optional.of(new Found(RawPath.name(path), real, base, below));
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

  /**
   * Goes through the directories that a pattern may mean.
   *
   * @param deep {@code **} spans segments
   */
  private void match(String directory, List<String> segments, boolean deep, List<String> into)
      throws IOException {
    boolean anyDepth = deep && segments.get(0).equals(ANY_DEPTH);
    List<String> rest = segments.subList(1, segments.size());
    if (anyDepth && !rest.isEmpty()) {
      match(directory, rest, true, into);
    }
    Names matching = names(directory, anyDepth ? "*" : segments.get(0), into.size());
    for (int place : matching.order()) {
      String path = RawPath.join(directory, matching.get(place));
      if (rest.isEmpty()) {
        add(path, into);
      } else if (!anyDepth) {
        match(path, rest, deep, into);
      } else if (isDirectory(path)) { // links lead around in circles
        match(path, segments, true, into);
      }
    }
  }

  private Names names(String directory, String pattern, int known) throws IOException {
    Names matching = new Names();
    Optional<Directory> opened = openInside(directory);
    if (opened.isEmpty()) {
      return matching;
    }
    try (Directory at = opened.get()) {
      Glob glob = new Glob(pattern);
      at.each(
          entry -> {
            source.comparisons().made(READING);
            String path = RawPath.join(directory, entry.name());
            if (glob.matches(entry.name(), source.comparisons()) && source.includes(path)) {
              if (matching.size() + known == MAX_MATCHES) {
                throw tooMany();
              }
              matching.add(entry.name());
            }
            return true;
          });
    }
    return matching;
  }

  private boolean isDirectory(String path) throws IOException {
    return source.status(path).map(FileStatus::isDirectory).orElse(false);
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
