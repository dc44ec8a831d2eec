package dev.paas.gitreceiver.repository;

import dev.paas.base.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.PackIndex;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Removes what declined and broken pushes leave: packs that no ref reaches, and what a killed
 * process has left by half.
 *
 * <p>A pack goes when it holds commits and no ref reaches any of them. A client's pack holds
 * everything that the advertised refs do not reach, so no other push needs a part of it.
 */
final class OrphanPacks {

  private static final String INDEX = ".idx";

  private OrphanPacks() {}

  /** Removes them; the caller is alone in the repository. */
  static void remove(Repository repository) throws IOException {
    Set<Path> left = files(repository);
    for (Path file : left) {
      Files.deleteIfExists(file);
    }
    if (!left.isEmpty()) {
      DurableFile.syncDirectory(objects(repository).resolve("pack"));
      repository.getObjectDatabase().close();
    }
  }

  /** The names of the files that {@link #remove} would remove; the caller is alone. */
  static List<String> find(Repository repository) throws IOException {
    return files(repository).stream().map(OrphanPacks::name).toList();
  }

  /** In the order in which they go: a pack without its index is not a pack to git. */
  private static Set<Path> files(Repository repository) throws IOException {
    // Before there were quarantines, packs arrived here, and their receivers kept them by a file.
    Set<Path> left = new LinkedHashSet<>(list(objects(repository), "incoming_"));
    List<Path> packs = list(objects(repository).resolve("pack"), "pack-");
    Set<String> whole = new HashSet<>();
    Set<ObjectId> reached = reached(repository);
    for (Path index : packs) {
      if (name(index).endsWith(INDEX)) {
        if (isOrphan(index, reached)) {
          left.add(index);
        } else {
          whole.add(stem(index));
        }
      }
    }
    for (Path file : packs) {
      boolean keep = name(file).startsWith(stem(file) + ".keep");
      if (keep || !whole.contains(stem(file))) {
        left.add(file);
      }
    }
    return left;
  }

  private static String stem(Path file) {
    int dot = name(file).indexOf('.');
    return dot < 0 ? name(file) : name(file).substring(0, dot);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path objects(Repository repository) {
    return repository.getDirectory().toPath().resolve(Constants.OBJECTS);
  }

  private static List<Path> list(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .filter(Files::isRegularFile)
          .toList();
    }
  }

  /** Every commit that a ref reaches, and what else refs point to: tags, and what is tagged. */
  private static Set<ObjectId> reached(Repository repository) throws IOException {
    Set<ObjectId> reached = new HashSet<>();
    try (RevWalk walk = new RevWalk(repository)) {
      walk.setRetainBody(false);
      for (Ref ref : repository.getRefDatabase().getRefs()) {
        ObjectId id = ref.getObjectId();
        RevObject named = id == null ? null : walk.parseAny(id);
        while (named instanceof RevTag tag) {
          reached.add(tag.copy());
          named = walk.parseAny(tag.getObject());
        }
        if (named instanceof RevCommit commit) {
          walk.markStart(commit);
        } else if (named != null) {
          reached.add(named.copy());
        }
      }
      for (RevCommit commit : walk) {
        reached.add(commit.copy());
      }
    }
    return reached;
  }

  private static boolean isOrphan(Path index, Set<ObjectId> reached) throws IOException {
    for (PackIndex.MutableEntry entry : PackIndex.open(index.toFile())) {
      if (reached.contains(entry.toObjectId())) {
        return false;
      }
    }
    return true;
  }
}
