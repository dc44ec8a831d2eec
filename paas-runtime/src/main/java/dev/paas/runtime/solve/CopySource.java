package dev.paas.runtime.solve;

import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.Problem;
import dev.paas.runtime.image.Sha256;
import dev.paas.runtime.image.Tree;
import dev.paas.runtime.image.TreeEntry;
import dev.paas.runtime.linux.Directory;
import dev.paas.runtime.linux.FileHandle;
import dev.paas.runtime.linux.FileStatus;
import dev.paas.runtime.linux.RawPath;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a copy reads: a directory with files, and, when it is a stored source tree, the digests of
 * its files, so that no file is read for a key. Files of a tree belong to 0:0 and can be linked
 * instead of copied; files of a root filesystem keep their owners.
 */
final class CopySource {

  private static final int MAX_MATCHES = 100_000;

  /**
   * A source of a copy.
   *
   * @param name what it is called in a directory that it is copied into
   * @param path where it really is: a symbolic link that is named itself is followed
   */
  record Found(String name, String path) {}

  private final Directory root;
  private final Optional<Tree> tree;
  private final IgnorePatterns ignore;
  private final Set<String> kept = new HashSet<>();

  private CopySource(Directory root, Optional<Tree> tree, IgnorePatterns ignore) {
    this.root = root;
    this.tree = tree;
    this.ignore = ignore;
    if (tree.isPresent() && !ignore.isEmpty()) {
      tree.get()
          .entries()
          .forEach(
              (path, entry) -> {
                if (!ignore.excludes(path)) {
                  // A file that is kept keeps the directories above it.
                  for (String at = path; !at.isEmpty() && kept.add(at); at = RawPath.parent(at)) {}
                }
              });
    }
  }

  static CopySource ofTree(Tree tree, Directory files, IgnorePatterns ignore) {
    return new CopySource(files, Optional.of(tree), ignore);
  }

  static CopySource ofRootfs(Directory view) {
    return new CopySource(view, Optional.empty(), new IgnorePatterns(List.of()));
  }

  Directory root() {
    return root;
  }

  boolean isTree() {
    return tree.isPresent();
  }

  boolean includes(String path) {
    return path.isEmpty() || tree.isEmpty() || ignore.isEmpty() || kept.contains(path);
  }

  /** Names in a directory that are to be copied, sorted. */
  List<String> names(Directory directory, String path) throws IOException {
    return directory.list().stream()
        .map(Directory.Entry::name)
        .filter(name -> includes(RawPath.join(path, name)))
        .toList();
  }

  /**
   * The real paths that one source of a copy means. A name that is missing is a problem; a pattern
   * that matches nothing is not.
   */
  List<Found> find(String source) throws IOException {
    String cleaned = DestinationPath.clean(RawPath.of(source));
    boolean pattern = PathPattern.hasWildcard(cleaned);
    List<String> found = new ArrayList<>();
    if (pattern) {
      match("", List.of(cleaned.split("/")), found);
    } else {
      found.add(PathPattern.literal(cleaned));
    }
    List<Found> real = new ArrayList<>();
    for (String path : found) {
      Optional<String> resolved = root.resolveInRoot(path);
      if (resolved.isPresent() && includes(resolved.get())) {
        real.add(new Found(RawPath.name(path), resolved.get()));
      } else if (!pattern) {
        throw missing(source, resolved.isPresent());
      }
    }
    return real;
  }

  private RuntimeException missing(String source, boolean ignored) {
    return Problem.of(
            "build.copy-source-missing",
            ignored
                ? "What is to be copied is left out by .dockerignore"
                : "What is to be copied is not there",
            source,
            isTree()
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
      for (Directory.Entry entry : at.list()) {
        String path = RawPath.join(directory, entry.name());
        if (glob.matches(entry.name()) && includes(path)) {
          if (segments.size() > 1) {
            match(path, segments.subList(1, segments.size()), into);
          } else if (into.size() < MAX_MATCHES) {
            into.add(path);
          }
        }
      }
    }
  }

  private Optional<Directory> openInside(String path) throws IOException {
    Optional<String> real = root.resolveInRoot(path);
    if (real.isEmpty()) {
      return Optional.empty();
    }
    boolean directory = root.statusBeneath(real.get()).map(FileStatus::isDirectory).orElse(false);
    return directory ? root.findInRoot(real.get()) : Optional.empty();
  }

  /**
   * Feeds a digest with what a copy of {@code path} would bring: paths, types, modes, contents,
   * links; owners too when they are kept. Never times.
   */
  void digest(String path, StepKey key) throws IOException {
    if (tree.isPresent()) {
      digest(tree.get(), path, key);
      return;
    }
    Optional<FileStatus> status = root.statusBeneath(path);
    if (status.isEmpty()) {
      key.add("gone");
      return;
    }
    try (Directory parent = root.openBeneath(RawPath.parent(path))) {
      digest(parent, path.isEmpty() ? "." : RawPath.name(path), path, status.get(), "", key);
    }
  }

  /** From the index alone: no file is touched. */
  private void digest(Tree stored, String path, StepKey key) {
    TreeEntry itself = stored.entries().get(path);
    if (itself != null) {
      add(itself, "", key);
    }
    // '0' is the character after the slash: all paths below, and nothing else.
    var below = path.isEmpty() ? stored.entries() : stored.entries().subMap(path + "/", path + "0");
    int start = path.isEmpty() ? 0 : path.length() + 1;
    below.forEach(
        (inside, entry) -> {
          if (includes(inside)) {
            add(entry, inside.substring(start), key);
          }
        });
    key.add("end");
  }

  private static void add(TreeEntry entry, String relative, StepKey key) {
    key.add(relative)
        .add(entry.type() + " " + Integer.toOctalString(entry.mode()))
        .add(entry.content().value());
  }

  private void digest(
      Directory parent, String name, String path, FileStatus status, String relative, StepKey key)
      throws IOException {
    key.add(relative).add(Integer.toOctalString(status.mode()));
    key.add(status.uid() + ":" + status.gid());
    if (status.isDirectory()) {
      try (Directory directory = parent.openBeneath(name)) {
        for (String child : names(directory, path)) {
          Optional<FileStatus> inside = directory.status(child);
          if (inside.isPresent()) {
            digest(
                directory,
                child,
                RawPath.join(path, child),
                inside.get(),
                RawPath.join(relative, child),
                key);
          }
        }
      }
      key.add("end");
    } else if (status.isSymlink()) {
      key.add(parent.readLink(name));
    } else if (status.isRegular()) {
      key.add(content(parent, name).value());
      byte[] capability = parent.attributes(name).get("security.capability");
      key.add(capability == null ? "" : Sha256.of(capability).value());
    }
  }

  private static Sha256 content(Directory parent, String name) throws IOException {
    MessageDigest digest = Sha256.algorithm();
    byte[] buffer = new byte[1 << 16];
    try (FileHandle file = parent.read(name)) {
      for (int n = file.read(buffer); n >= 0; n = file.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.finish(digest);
  }
}
