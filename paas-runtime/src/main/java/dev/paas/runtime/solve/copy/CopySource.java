package dev.paas.runtime.solve.copy;

import dev.paas.base.name.PathPattern;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.Names;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.solve.match.Comparisons;
import dev.paas.runtime.solve.match.Glob;
import dev.paas.runtime.solve.match.IgnorePatterns;
import dev.paas.runtime.solve.step.StepKey;
import dev.paas.runtime.tree.Tree;
import dev.paas.runtime.tree.TreeEntries;
import dev.paas.runtime.tree.TreeEntry;
import dev.paas.runtime.tree.TreeWalk;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What a copy reads: a directory with files, and, when it is a stored source tree, the digests of
 * its files, so that no file is read for a key. Files of a tree belong to 0:0 and can be linked
 * instead of copied; files of a root filesystem keep their owners.
 */
public final class CopySource {

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

  private final Directory root;
  private final Optional<Tree> tree;
  private final IgnorePatterns ignore;
  private final Comparisons comparisons;
  private final NameRoom.Share room;
  private long matched;

  /** By their places in the tree's index. */
  private final BitSet kept = new BitSet();

  private CopySource(
      Directory root,
      Optional<Tree> tree,
      IgnorePatterns ignore,
      Comparisons comparisons,
      NameRoom.Share room) {
    this.root = root;
    this.comparisons = comparisons;
    this.tree = tree;
    this.ignore = ignore;
    this.room = room;
    if (tree.isPresent() && !ignore.isEmpty()) {
      TreeEntries entries = tree.get().entries();
      for (int i = 0; i < entries.size(); i++) {
        String path = entries.path(i);
        if (!ignore.excludes(path)) {
          // A file that is kept keeps the directories above it.
          for (String at = path; !at.isEmpty() && keep(entries, at); at = RawPath.parent(at)) {}
        }
      }
    }
  }

  /** False: it was kept before. */
  private boolean keep(TreeEntries entries, String path) {
    int place = entries.find(path);
    if (place < 0 || kept.get(place)) {
      return false;
    }
    kept.set(place);
    return true;
  }

  public static CopySource ofTree(
      Tree tree,
      Directory files,
      List<String> ignored,
      Comparisons comparisons,
      NameRoom.Share room) {
    IgnorePatterns ignore = new IgnorePatterns(ignored, comparisons);
    return new CopySource(files, Optional.of(tree), ignore, comparisons, room);
  }

  public static CopySource ofRootfs(Directory view, Comparisons comparisons, NameRoom.Share room) {
    IgnorePatterns none = new IgnorePatterns(List.of(), comparisons);
    return new CopySource(view, Optional.empty(), none, comparisons, room);
  }

  /** Another root, with what the names of both may take. */
  CopySource within(Directory other) {
    return ofRootfs(other, comparisons, room);
  }

  /** Memory for the names of what is copied. */
  public NameRoom.Share room() {
    return room;
  }

  Directory root() {
    return root;
  }

  boolean isTree() {
    return tree.isPresent();
  }

  boolean includes(String path) {
    if (path.isEmpty() || tree.isEmpty() || ignore.isEmpty()) {
      return true;
    }
    int place = tree.get().entries().find(path);
    return place >= 0 && kept.get(place);
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
            Kind.IMPOSSIBLE,
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
      Names matching = new Names();
      at.each(
          entry -> {
            comparisons.made(READING);
            String path = RawPath.join(directory, entry.name());
            if (glob.matches(entry.name(), comparisons) && includes(path)) {
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
      digest(parent, path.isEmpty() ? "." : RawPath.name(path), status.get(), key);
    }
  }

  /** From the index alone: no file is touched. */
  private void digest(Tree stored, String path, StepKey key) {
    TreeEntries entries = stored.entries();
    int itself = entries.find(path);
    if (itself >= 0) {
      add(entries.get(itself), "", key);
    }
    // '0' is the character after the slash: all paths below, and nothing else.
    int end = path.isEmpty() ? entries.size() : entries.from(path + "0");
    int start = path.isEmpty() ? 0 : path.length() + 1;
    for (int i = path.isEmpty() ? 0 : entries.from(path + "/"); i < end; i++) {
      if (ignore.isEmpty() || kept.get(i)) {
        add(entries.get(i), entries.path(i).substring(start), key);
      }
    }
    key.add("end");
  }

  private static void add(TreeEntry entry, String relative, StepKey key) {
    key.add(relative)
        .add(entry.type() + " " + Integer.toOctalString(entry.mode()))
        .add(entry.content().value());
  }

  private void digest(Directory parent, String name, FileStatus status, StepKey key)
      throws IOException {
    digestOne(parent, name, "", status, key);
    if (status.isDirectory()) {
      try (Directory directory = parent.openBeneath(name)) {
        TreeWalk.below(
            directory,
            room,
            new TreeWalk.Visitor() {
              @Override
              public boolean visit(Directory in, String child, String path, FileStatus inside)
                  throws IOException {
                digestOne(in, child, path, inside, key);
                return inside.isDirectory();
              }

              @Override
              public void leave(String path) {
                key.add("end");
              }
            });
      }
      key.add("end");
    }
  }

  private static void digestOne(
      Directory parent, String name, String relative, FileStatus status, StepKey key)
      throws IOException {
    key.add(relative).add(Integer.toOctalString(status.mode()));
    key.add(status.uid() + ":" + status.gid());
    if (status.isSymlink()) {
      key.add(parent.readLink(name));
    } else if (status.isRegular()) {
      key.add(content(parent, name).value());
      key.add(
          parent.attribute(name, "security.capability").map(c -> Sha256.of(c).value()).orElse(""));
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
