package dev.paas.builder.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a commit, read from the repository's objects: nothing is checked out, no hook, filter
 * or attribute runs.
 */
public final class GitTree implements SourceTree {

  private final Repository repository;
  private final ObjectId tree;
  private final long maxEntries;

  private GitTree(Repository repository, ObjectId tree, long maxEntries) {
    this.repository = repository;
    this.tree = tree;
    this.maxEntries = maxEntries;
  }

  /**
   * The tree of this commit, tag or tree.
   *
   * @throws org.eclipse.jgit.errors.MissingObjectException when the repository does not have it
   */
  public static GitTree of(Repository repository, ObjectId commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return new GitTree(repository, walk.parseTree(commit).getId(), Long.MAX_VALUE);
    }
  }

  /**
   * The same tree, whose walks end with {@code build.too-many-files} when they meet more. A few
   * small objects can describe more files, and more empty folders, than anybody could count.
   */
  public GitTree within(SourceLimits limits) {
    return new GitTree(repository, tree, 2L * limits.maxFiles());
  }

  /** The tree of one of its folders, if it is there. */
  public Optional<GitTree> below(String path) throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(repository, path, tree)) {
      return walk == null || walk.getFileMode(0) != FileMode.TREE
          ? Optional.empty()
          : Optional.of(new GitTree(repository, walk.getObjectId(0).copy(), maxEntries));
    }
  }

  @Override
  public String identity() {
    return "git:" + tree.name();
  }

  @Override
  public void forEach(Visitor visitor) throws IOException {
    walk(
        walk -> true,
        (walk, reader) -> {
          visitor.visit(entry(walk, reader));
          return true;
        });
  }

  @Override
  public void first(int count, Visitor visitor) throws IOException {
    int[] left = {count};
    walk(
        walk -> true,
        (walk, reader) -> {
          visitor.visit(entry(walk, reader));
          return --left[0] > 0;
        });
  }

  @Override
  public Set<String> lookUp(Set<String> paths, Visitor visitor) throws IOException {
    SortedSet<String> sorted = new TreeSet<>(paths);
    Set<String> found = new HashSet<>();
    if (sorted.contains("")) {
      found.add("");
    }
    walk(
        directory -> {
          String path = path(directory);
          if (sorted.contains(path)) {
            found.add(path);
          }
          return !below(sorted, path).isEmpty();
        },
        (walk, reader) -> {
          String path = path(walk);
          if (sorted.contains(path)) {
            found.add(path);
            visitor.visit(entry(walk, reader));
          }
          if (walk.getFileMode(0) == FileMode.SYMLINK) {
            found.addAll(below(sorted, path));
          }
          return true;
        });
    return found;
  }

  @Override
  public List<String> rootNames(int count) throws IOException {
    List<String> names = new ArrayList<>();
    walk(
        directory -> false,
        (walk, reader) -> {
          names.add(path(walk));
          return names.size() < count;
        });
    return names;
  }

  private static SortedSet<String> below(SortedSet<String> sorted, String path) {
    // '0' is the character after the slash: all paths below, and nothing else.
    return sorted.subSet(path + "/", path + "0");
  }

  /** Whether a walk enters a directory. */
  private interface Entering {
    boolean enters(TreeWalk directory);
  }

  /** Takes what is no directory; answers whether the walk goes on. */
  private interface Taking {
    boolean take(TreeWalk walk, ObjectReader reader) throws IOException;
  }

  private void walk(Entering directories, Taking others) throws IOException {
    long met = 0;
    try (ObjectReader reader = repository.newObjectReader();
        TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(tree);
      while (walk.next()) {
        if (++met > maxEntries) {
          throw SourceLimits.tooMany(maxEntries, "files and folders");
        }
        if (walk.getPathLength() > TreePath.MAX_BYTES) {
          throw TreePath.tooLong(path(walk));
        }
        if (walk.isSubtree()) {
          if (directories.enters(walk)) {
            walk.enterSubtree();
          }
        } else if (!others.take(walk, reader)) {
          return;
        }
      }
    }
  }

  @Override
  public Optional<Entry> find(String path) throws IOException {
    if (!isPath(path)) {
      return Optional.empty();
    }
    try (TreeWalk walk = TreeWalk.forPath(repository, path, tree)) {
      if (walk == null || walk.getFileMode(0) == FileMode.TREE) {
        return Optional.empty();
      }
      return Optional.of(
          new Entry(
              path(walk),
              kind(walk.getFileMode(0)),
              new FoundBlob(repository, walk.getObjectId(0).copy())));
    }
  }

  @Override
  public boolean hasDirectory(String path) throws IOException {
    if (!isPath(path)) {
      return path.isEmpty();
    }
    try (TreeWalk walk = TreeWalk.forPath(repository, path, tree)) {
      return walk != null && walk.getFileMode(0) == FileMode.TREE;
    }
  }

  /** What JGit takes as one: it throws at some others. */
  private static boolean isPath(String path) {
    return !path.isEmpty() && !path.startsWith("/") && !path.endsWith("/");
  }

  private static Entry entry(TreeWalk walk, ObjectReader reader) {
    return new Entry(
        path(walk), kind(walk.getFileMode(0)), new Blob(reader, walk.getObjectId(0).copy()));
  }

  private static String path(TreeWalk walk) {
    return PathBytes.text(walk.getRawPath());
  }

  private static Kind kind(FileMode mode) {
    if (mode == FileMode.EXECUTABLE_FILE) {
      return Kind.EXECUTABLE;
    }
    if (mode == FileMode.SYMLINK) {
      return Kind.LINK;
    }
    return mode == FileMode.GITLINK ? Kind.SUBMODULE : Kind.FILE;
  }

  /** A blob that is read after its walk: nothing stays open for it. */
  private record FoundBlob(Repository repository, ObjectId blob) implements Content {

    @Override
    public String id() {
      return blob.name();
    }

    @Override
    public long size() throws IOException {
      try (ObjectReader reader = repository.newObjectReader()) {
        return reader.getObjectSize(blob, Constants.OBJ_BLOB);
      }
    }

    @Override
    public InputStream open() throws IOException {
      return repository.open(blob, Constants.OBJ_BLOB).openStream();
    }
  }

  /** A blob that is looked up once, when it is first asked for. */
  private static final class Blob implements Content {

    private final ObjectReader reader;
    private final ObjectId blob;
    private @Nullable ObjectLoader loader;

    Blob(ObjectReader reader, ObjectId blob) {
      this.reader = reader;
      this.blob = blob;
    }

    @Override
    public String id() {
      return blob.name();
    }

    @Override
    public long size() throws IOException {
      return loader == null ? reader.getObjectSize(blob, Constants.OBJ_BLOB) : loader().getSize();
    }

    @Override
    public InputStream open() throws IOException {
      return loader().openStream();
    }

    private ObjectLoader loader() throws IOException {
      ObjectLoader known = loader;
      if (known == null) {
        known = reader.open(blob, Constants.OBJ_BLOB);
        loader = known;
      }
      return known;
    }
  }
}
