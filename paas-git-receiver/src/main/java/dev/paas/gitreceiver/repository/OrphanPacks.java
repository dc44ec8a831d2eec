package dev.paas.gitreceiver.repository;

import dev.paas.base.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
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
 * Removes what declined and broken pushes leave: JGit has no quarantine, so a pack is in the
 * repository before the hook is asked, and a killed process leaves {@code incoming_*} files.
 *
 * <p>A pack goes when it holds commits and no ref reaches any of them. A client's pack holds
 * everything that the advertised refs do not reach, so no other push needs a part of it.
 */
final class OrphanPacks {

  private OrphanPacks() {}

  /**
   * Removes them; the caller is alone in the repository, but for receivers that have anchored what
   * they brought and not yet let go of it.
   *
   * @param occupied whether there may be such receivers: then a pack with a {@code .keep} may be
   *     one's, and JGit fails when it does not find the file again
   * @return whether nothing was left for their sake
   */
  static boolean remove(Repository repository, boolean occupied) throws IOException {
    Path packs = objects(repository).resolve("pack");
    for (Path left : list(objects(repository), "incoming_")) {
      Files.delete(left);
    }
    List<Path> orphans = indexes(repository);
    List<Path> indexes = free(orphans, occupied);
    for (Path index : indexes) {
      delete(packs, String.valueOf(index.getFileName()).replace(".idx", ""));
    }
    if (!indexes.isEmpty()) {
      DurableFile.syncDirectory(packs);
      repository.getObjectDatabase().close();
    }
    return indexes.size() == orphans.size();
  }

  private static List<Path> free(List<Path> indexes, boolean occupied) {
    return indexes.stream().filter(index -> !occupied || !Files.exists(keep(index))).toList();
  }

  private static Path keep(Path index) {
    return index.resolveSibling(String.valueOf(index.getFileName()).replace(".idx", ".keep"));
  }

  /** The names of the files that {@link #remove} would remove; the caller is alone. */
  static List<String> find(Repository repository, boolean occupied) throws IOException {
    List<Path> found = new ArrayList<>(list(objects(repository), "incoming_"));
    found.addAll(free(indexes(repository), occupied));
    return found.stream().map(file -> String.valueOf(file.getFileName())).toList();
  }

  private static Path objects(Repository repository) {
    return repository.getDirectory().toPath().resolve(Constants.OBJECTS);
  }

  /** The indexes of packs that no ref reaches. */
  private static List<Path> indexes(Repository repository) throws IOException {
    List<Path> orphans = new ArrayList<>();
    Set<ObjectId> reached = reached(repository);
    for (Path index : list(objects(repository).resolve("pack"), "pack-")) {
      if (index.toString().endsWith(".idx") && isOrphan(index, reached)) {
        orphans.add(index);
      }
    }
    return orphans;
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

  /** The index goes first: a pack without one is not a pack to git. */
  private static void delete(Path packs, String name) throws IOException {
    Files.deleteIfExists(packs.resolve(name + ".idx"));
    for (Path file : list(packs, name + ".")) {
      Files.delete(file);
    }
  }
}
