package dev.paas.builder.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Files by path, read where they are: of a commit ({@link GitTree}) or generated ({@link
 * GeneratedTree}). Paths are relative, with {@code /}, without {@code .} and {@code ..}; a
 * directory is there when a file in it is. A byte of a name that is not UTF-8 is a character from
 * U+DC80 to U+DCFF. A tree of a commit may be read while its repository is open.
 */
public interface SourceTree {

  /** Equal identities mean equal trees; the reverse does not hold. Short, without secrets. */
  String identity();

  /**
   * Visits every entry, whose content may be read during the visit, in the order of its path's
   * bytes, which is git's order.
   */
  void forEach(Visitor visitor) throws IOException;

  /** The entry at this path, unless there is none or it is a directory. */
  Optional<Entry> find(String path) throws IOException;

  /** True when a file is beneath this path; every tree has the directory {@code ""}. */
  default boolean hasDirectory(String path) throws IOException {
    String prefix = path.isEmpty() ? "" : path + "/";
    boolean[] found = {path.isEmpty()};
    forEach(entry -> found[0] |= entry.path().startsWith(prefix));
    return found[0];
  }

  /**
   * Looks for several paths at once, for which a tree reads each directory once. Visits the files
   * among them and answers with the paths at which there is a file or a directory; what lies behind
   * a link counts as being there, because only whoever follows the link can tell.
   */
  default Set<String> lookUp(Set<String> paths, Visitor visitor) throws IOException {
    Set<String> found = new HashSet<>();
    for (String path : paths) {
      Optional<Entry> entry = find(path);
      if (entry.isPresent()) {
        visitor.visit(entry.get());
      }
      if (entry.isPresent() || hasDirectory(path)) {
        found.add(path);
      }
    }
    return found;
  }

  /** Visits so many entries at most, from the beginning. */
  default void first(int count, Visitor visitor) throws IOException {
    int[] left = {count};
    forEach(
        entry -> {
          if (left[0]-- > 0) {
            visitor.visit(entry);
          }
        });
  }

  /** Names of what is directly in the root and no directory: so many at most, in order. */
  default List<String> rootNames(int count) throws IOException {
    List<String> names = new ArrayList<>();
    forEach(
        entry -> {
          if (names.size() < count && entry.path().indexOf('/') < 0) {
            names.add(entry.path());
          }
        });
    return names;
  }

  /** The tree without the paths that the filter refuses; {@code label} tells filters apart. */
  default SourceTree only(String label, Predicate<String> filter) {
    return new FilteredTree(this, label, filter);
  }

  /** Takes one entry of a walk. */
  interface Visitor {
    void visit(Entry entry) throws IOException;
  }

  /** What an entry is; git knows no more than this. */
  enum Kind {
    FILE,
    EXECUTABLE,
    /** A symbolic link; its content is the target. */
    LINK,
    /** A commit of another repository: an empty directory here. */
    SUBMODULE
  }

  /** The bytes of an entry. */
  interface Content {
    /** Equal ids mean equal bytes. */
    String id();

    /** In bytes. */
    long size() throws IOException;

    InputStream open() throws IOException;
  }

  /** One file, link or submodule. */
  record Entry(String path, Kind kind, Content content) {

    public boolean isFile() {
      return kind == Kind.FILE || kind == Kind.EXECUTABLE;
    }
  }
}
