package dev.paas.gitreceiver.repository;

import dev.paas.base.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Refs of one repository, compared and set in one step. A change is on the disk when its method
 * returns. Callers let one change at a time through ({@link Repositories}).
 */
final class DurableRefs {

  private DurableRefs() {}

  /**
   * Deletes a ref, where {@code expected} is given only if it is there.
   *
   * @return false when it is elsewhere; true also when there was none
   */
  static boolean delete(Repository repository, String ref, @Nullable String expected)
      throws IOException {
    RefUpdate update = repository.updateRef(ref);
    update.setForceUpdate(true);
    if (expected != null) {
      update.setExpectedOldObjectId(ObjectId.fromString(expected));
    }
    RefUpdate.Result result = update.delete();
    return switch (result) {
      case FORCED, NEW, NO_CHANGE -> {
        sync(repository, ref);
        yield true;
      }
      case LOCK_FAILURE -> repository.exactRef(ref) == null;
      default -> throw new IOException("can't delete " + ref + ": " + result);
    };
  }

  /**
   * Has a ref point to a commit, where {@code expected} is given only if it is there: fast-forward
   * or not.
   *
   * @return false when the ref is neither at {@code expected} nor already at {@code commit}
   */
  static boolean move(Repository repository, String ref, @Nullable String expected, String commit)
      throws IOException {
    RefUpdate update = repository.updateRef(ref);
    update.setNewObjectId(ObjectId.fromString(commit));
    if (expected != null) {
      update.setExpectedOldObjectId(ObjectId.fromString(expected));
    }
    update.setForceUpdate(true);
    update.disableRefLog();
    RefUpdate.Result result = update.update();
    switch (result) {
      case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {
        sync(repository, ref);
        followHead(repository, ref);
        return true;
      }
      case LOCK_FAILURE -> {
        Ref now = repository.exactRef(ref);
        return now != null && commit.equals(ObjectId.toString(now.getObjectId()));
      }
      default -> throw new IOException("can't move " + ref + ": " + result);
    }
  }

  /** Has HEAD name a branch, also one that is yet to come. */
  static void linkHead(Repository repository, String branch) throws IOException {
    RefUpdate head = repository.updateRef(Constants.HEAD);
    head.disableRefLog();
    head.link(branch);
  }

  /** A clone checks out HEAD: it follows the first deploy branch that exists. */
  private static void followHead(Repository repository, String ref) throws IOException {
    boolean unborn = repository.resolve(Constants.HEAD) == null;
    if (unborn && ref.startsWith(Constants.R_HEADS)) {
      linkHead(repository, ref);
    }
  }

  /** The file itself is fsynced by JGit; here the directories that hold its name. */
  private static void sync(Repository repository, String ref) throws IOException {
    Path top = repository.getDirectory().toPath();
    Path at = top.resolve(ref).getParent();
    while (at != null && at.startsWith(top)) {
      // Deleting the last ref of a directory removes the directory.
      if (Files.isDirectory(at)) {
        DurableFile.syncDirectory(at);
      }
      at = at.getParent();
    }
  }
}
