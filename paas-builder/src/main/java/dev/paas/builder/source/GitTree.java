package dev.paas.builder.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
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

  private GitTree(Repository repository, ObjectId tree) {
    this.repository = repository;
    this.tree = tree;
  }

  /**
   * The tree of this commit, tag or tree.
   *
   * @throws org.eclipse.jgit.errors.MissingObjectException when the repository does not have it
   */
  public static GitTree of(Repository repository, ObjectId commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return new GitTree(repository, walk.parseTree(commit).getId());
    }
  }

  @Override
  public String identity() {
    return "git:" + tree.name();
  }

  @Override
  public void forEach(Visitor visitor) throws IOException {
    try (ObjectReader reader = repository.newObjectReader();
        TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(tree);
      walk.setRecursive(true);
      while (walk.next()) {
        visitor.visit(entry(walk, reader));
      }
    }
  }

  @Override
  public Optional<Entry> find(String path) throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(repository, path, tree)) {
      if (walk == null || walk.getFileMode(0) == FileMode.TREE) {
        return Optional.empty();
      }
      return Optional.of(entry(walk, repository.newObjectReader()));
    }
  }

  @Override
  public boolean hasDirectory(String path) throws IOException {
    if (path.isEmpty()) {
      return true;
    }
    try (TreeWalk walk = TreeWalk.forPath(repository, path, tree)) {
      return walk != null && walk.getFileMode(0) == FileMode.TREE;
    }
  }

  private static Entry entry(TreeWalk walk, ObjectReader reader) {
    return new Entry(
        walk.getPathString(),
        kind(walk.getFileMode(0)),
        new Blob(reader, walk.getObjectId(0).copy()));
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
      return loader().getSize();
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
