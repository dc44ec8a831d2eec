package dev.paas.runtime.solve.copy;

import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.solve.match.Comparisons;
import dev.paas.runtime.solve.match.IgnorePatterns;
import dev.paas.runtime.solve.step.StepKey;
import dev.paas.runtime.tree.Tree;
import dev.paas.runtime.tree.TreeEntries;
import dev.paas.runtime.tree.TreeEntry;
import dev.paas.runtime.tree.TreeWalk;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a copy reads: a directory with files, and, when it is a stored source tree, the digests of
 * its files, so that no file is read for a key. Files of a tree belong to 0:0 and can be linked
 * instead of copied; files of a root filesystem keep their owners.
 */
public final class CopySource {

  private final Directory root;
  private final Optional<Tree> tree;
  private final IgnorePatterns ignore;
  private final Comparisons comparisons;
  private final NameRoom.Share room;

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

  Comparisons comparisons() {
    return comparisons;
  }

  /** What is at a path; links that lead to it are followed, a link there is itself. */
  Optional<FileStatus> status(String path) throws IOException {
    Optional<String> parent = root.resolveInRoot(RawPath.parent(path));
    return parent.isEmpty()
        ? Optional.empty()
        : root.statusBeneath(path.isEmpty() ? "" : RawPath.join(parent.get(), RawPath.name(path)));
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
   * Feeds a digest with what a copy of {@code path} would bring: paths, types, modes, contents,
   * links; owners too when they are kept. Never times.
   *
   * @param leftOut which paths below it the copy leaves out
   */
  void digest(String path, StepKey key, Predicate<String> leftOut) throws IOException {
    if (tree.isPresent()) {
      digest(tree.get(), path, key, leftOut);
      return;
    }
    Optional<FileStatus> status = root.statusBeneath(path);
    if (status.isEmpty()) {
      key.add("gone");
      return;
    }
    try (Directory parent = root.openBeneath(RawPath.parent(path))) {
      digest(parent, path.isEmpty() ? "." : RawPath.name(path), status.get(), key, leftOut);
    }
  }

  /** From the index alone: no file is touched. */
  private void digest(Tree stored, String path, StepKey key, Predicate<String> leftOut) {
    TreeEntries entries = stored.entries();
    int itself = entries.find(path);
    if (itself >= 0) {
      add(entries.get(itself), "", key);
    }
    // '0' is the character after the slash: all paths below, and nothing else.
    int end = path.isEmpty() ? entries.size() : entries.from(path + "0");
    int start = path.isEmpty() ? 0 : path.length() + 1;
    for (int i = path.isEmpty() ? 0 : entries.from(path + "/"); i < end; i++) {
      String relative = entries.path(i).substring(start);
      if ((ignore.isEmpty() || kept.get(i)) && !leftOut.test(relative)) {
        add(entries.get(i), relative, key);
      }
    }
    key.add("end");
  }

  private static void add(TreeEntry entry, String relative, StepKey key) {
    key.add(relative)
        .add(entry.type() + " " + Integer.toOctalString(entry.mode()))
        .add(entry.content().value());
  }

  private void digest(
      Directory parent, String name, FileStatus status, StepKey key, Predicate<String> leftOut)
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
                if (leftOut.test(path)) {
                  return false;
                }
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
