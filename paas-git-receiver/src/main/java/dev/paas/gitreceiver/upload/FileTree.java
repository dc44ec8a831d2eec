package dev.paas.gitreceiver.upload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;

/**
 * The files of an archive by their paths, from which git's trees are made. A later file takes the
 * place of an earlier one of its path, as tar means it; a file and a folder of one name are
 * refused. Paths are raw, one character a byte, and relative without {@code .} and {@code ..}.
 */
final class FileTree {

  /** Nested folders; deep enough for node_modules, and bounds the recursion. */
  private static final int MAX_DEPTH = 256;

  /** All names together, in bytes: what the heap gives to one upload. */
  private static final int MAX_NAMES = 16 << 20;

  private final int maxFiles;
  private final Folder root = new Folder();
  private int files;
  private int folders;
  private int names;

  /** What stands at a path: a file or link of this mode and content. */
  record Leaf(FileMode mode, ObjectId content) {}

  /** The names in one folder; those of folders end with a slash, which is also git's order. */
  private static final class Folder {
    private final SortedMap<String, Object> entries = new TreeMap<>();
  }

  FileTree(int maxFiles) {
    this.maxFiles = maxFiles;
  }

  /**
   * Puts a file or link at a path.
   *
   * @throws dev.paas.base.problem.PaasException {@code upload.bad-entry}, {@code
   *     upload.too-many-files}
   */
  void put(String path, Leaf leaf) {
    String[] names = path.split("/");
    if (names.length > MAX_DEPTH) {
      throw BadUpload.entry("A path is deeper than " + MAX_DEPTH + " folders", path);
    }
    Folder folder = root;
    for (int i = 0; i < names.length - 1; i++) {
      folder = enter(folder, names[i], path);
    }
    String name = names[names.length - 1];
    if (folder.entries.containsKey(name + "/")) {
      throw BadUpload.entry("A file has the name of a folder", path);
    }
    if (folder.entries.put(name, leaf) == null) {
      count(++files, name);
    }
  }

  private void count(int kind, String name) {
    names += name.length();
    if (kind > maxFiles || names > MAX_NAMES) {
      throw BadUpload.tooMany(maxFiles);
    }
  }

  private Folder enter(Folder folder, String name, String path) {
    if (folder.entries.containsKey(name)) {
      throw BadUpload.entry("A path leads through a file or link of the archive", path);
    }
    if (folder.entries.get(name + "/") instanceof Folder known) {
      return known;
    }
    count(++folders, name);
    Folder made = new Folder();
    folder.entries.put(name + "/", made);
    return made;
  }

  /** What was put at a path. */
  Optional<Leaf> find(String path) {
    @Nullable Folder folder = root;
    String[] names = path.split("/");
    for (int i = 0; i < names.length - 1 && folder != null; i++) {
      folder = folder.entries.get(names[i] + "/") instanceof Folder inner ? inner : null;
    }
    return folder != null && folder.entries.get(names[names.length - 1]) instanceof Leaf leaf
        ? Optional.of(leaf)
        : Optional.empty();
  }

  /**
   * Inserts all trees and answers with the root's name.
   *
   * @throws org.eclipse.jgit.errors.CorruptObjectException the checker's reason
   */
  ObjectId write(ObjectInserter objects, ObjectChecker checker) throws IOException {
    if (files == 0) {
      throw BadUpload.empty();
    }
    return write(root, objects, checker);
  }

  /** A tree as git has it: {@code mode name NUL id} an entry (gitformat-pack(5)). */
  private static ObjectId write(Folder folder, ObjectInserter objects, ObjectChecker checker)
      throws IOException {
    ByteArrayOutputStream tree = new ByteArrayOutputStream();
    for (Map.Entry<String, Object> entry : folder.entries.entrySet()) {
      String name = entry.getKey();
      if (entry.getValue() instanceof Folder inner) {
        ObjectId id = write(inner, objects, checker);
        add(tree, FileMode.TREE, name.substring(0, name.length() - 1), id);
      } else if (entry.getValue() instanceof Leaf leaf) {
        add(tree, leaf.mode(), name, leaf.content());
      }
    }
    byte[] raw = tree.toByteArray();
    ObjectId id = objects.idFor(Constants.OBJ_TREE, raw);
    checker.checkTree(id, raw);
    return objects.insert(Constants.OBJ_TREE, raw);
  }

  private static void add(ByteArrayOutputStream tree, FileMode mode, String name, ObjectId id)
      throws IOException {
    mode.copyTo(tree);
    tree.write(' ');
    tree.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
    tree.write(0);
    id.copyRawTo(tree);
  }
}
