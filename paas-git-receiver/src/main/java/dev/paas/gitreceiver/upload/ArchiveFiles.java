package dev.paas.gitreceiver.upload;

import dev.paas.base.tar.TarContent;
import dev.paas.base.tar.TarEntry;
import dev.paas.base.tar.TarReader;
import dev.paas.gitreceiver.upload.FileTree.Leaf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectInserter;

/**
 * Reads a tar into git's objects: regular files with the one bit of their mode that git knows,
 * symbolic links as they are, hard links as the file that they name. Folders of git ({@code .git})
 * are passed over, wherever they are, as git itself does; devices and pipes are refused. Nothing of
 * it is ever a path on this machine's disk.
 */
final class ArchiveFiles {

  /** NAME_MAX and PATH_MAX of Linux, without the NUL. */
  private static final int MAX_NAME = 255;

  private static final int MAX_PATH = 4095;

  private static final int OWNER_RUNS = 0100;

  private final TarReader tar;
  private final UploadLimits limits;
  private final ObjectInserter objects;
  private final FileTree tree;
  private long bytes;
  private int entries;

  ArchiveFiles(TarReader tar, UploadLimits limits, ObjectInserter objects) {
    this.tar = tar;
    this.limits = limits;
    this.objects = objects;
    this.tree = new FileTree(limits.maxFiles());
  }

  /**
   * Reads to the end of the archive.
   *
   * @throws dev.paas.base.problem.PaasException {@code upload.…}, {@code image.bad-archive}
   */
  FileTree read() throws IOException {
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      if (++entries > 2L * limits.maxFiles()) {
        throw BadUpload.tooMany(limits.maxFiles());
      }
      String path = path(next.get().path());
      if (!path.isEmpty() && !isGits(path)) {
        take(path, next.get());
      }
    }
    return tree;
  }

  private void take(String path, TarEntry entry) throws IOException {
    switch (entry.type()) {
      case FILE -> file(path, entry);
      case SYMLINK -> link(path, entry);
      case HARD_LINK -> {
        String target = path(entry.link());
        tree.put(
            path,
            tree.find(target)
                .orElseThrow(
                    () -> BadUpload.entry("A hard link names no earlier file of it", path)));
      }
      case DIRECTORY -> {
        // Git keeps no empty folders; the others come with their files.
      }
      case FIFO, DEVICE ->
          throw BadUpload.entry("Devices and pipes have no place in an app's files", path);
    }
  }

  private void file(String path, TarEntry entry) throws IOException {
    if (entry.size() > limits.maxFile().bytes()) {
      throw BadUpload.largeFile(path, limits.maxFile());
    }
    bytes += entry.size();
    if (bytes > limits.maxBytes().bytes()) {
      throw BadUpload.tooLarge(limits.maxBytes());
    }
    boolean runs = (entry.mode() & OWNER_RUNS) != 0;
    tree.put(
        path,
        new Leaf(
            runs ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE,
            objects.insert(Constants.OBJ_BLOB, entry.size(), new TarContent(tar))));
  }

  private void link(String path, TarEntry entry) throws IOException {
    String target = entry.link();
    if (target.isEmpty() || target.length() > MAX_PATH || target.indexOf('\0') >= 0) {
      throw BadUpload.entry("The target of a symbolic link is none that a file can have", path);
    }
    byte[] raw = target.getBytes(StandardCharsets.ISO_8859_1);
    tree.put(path, new Leaf(FileMode.SYMLINK, objects.insert(Constants.OBJ_BLOB, raw)));
  }

  /** The path as {@code a/b/c}; empty for the root itself. */
  private static String path(String raw) {
    List<String> names = new ArrayList<>();
    for (String name : raw.split("/")) {
      if (name.equals("..")) {
        throw BadUpload.entry("A path climbs with ..", raw);
      }
      if (name.length() > MAX_NAME || raw.length() > MAX_PATH) {
        throw BadUpload.entry("A path is longer than a file can have", raw);
      }
      if (name.indexOf('\0') >= 0) {
        throw BadUpload.entry("A path contains NUL", raw);
      }
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return String.join("/", names);
  }

  private static boolean isGits(String path) {
    return ("/" + path + "/").contains("/" + Constants.DOT_GIT + "/");
  }
}
