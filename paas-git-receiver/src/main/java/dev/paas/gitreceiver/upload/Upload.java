package dev.paas.gitreceiver.upload;

import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.repository.RepositoryLock;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Files that have become a commit of an app, durably, which no ref keeps yet: until {@link
 * #anchored} or {@link #close} nothing is removed from the repository.
 */
public final class Upload implements AutoCloseable {

  private final AppName app;
  private final String branch;
  private final String base;
  private final String commit;
  private final PersonIdent author;
  private final Repositories repositories;
  private final RepositoryLock lock;
  private final AtomicBoolean held = new AtomicBoolean(true);
  private final AtomicBoolean open = new AtomicBoolean(true);

  Upload(
      AppName app,
      String branch,
      String base,
      String commit,
      PersonIdent author,
      Repositories repositories) {
    this.app = app;
    this.branch = branch;
    this.base = base;
    this.commit = commit;
    this.author = author;
    this.repositories = repositories;
    this.lock = repositories.lock(app);
  }

  public AppName app() {
    return app;
  }

  /** The branch that deploys, e.g. {@code refs/heads/main}. */
  public String branch() {
    return branch;
  }

  /** The commit that the branch was at, which is this one's parent; or {@code Push.NONE}. */
  public String base() {
    return base;
  }

  /** The commit of the files; the branch's own when it has the same files. */
  public String commit() {
    return commit;
  }

  /**
   * Makes a commit of the same files on top of another one, durably, when the branch has moved
   * since the upload came; to be asked before it is {@link #anchored}.
   *
   * @param other what the branch is at now
   * @return the new commit
   */
  public String onto(String other) throws IOException {
    try (Repository repository = repositories.open(app);
        RevWalk walk = new RevWalk(repository);
        ObjectInserter objects = repository.newObjectInserter()) {
      ObjectId files = walk.parseCommit(ObjectId.fromString(commit)).getTree().getId();
      ObjectId parent = ObjectId.fromString(other);
      ObjectId moved = objects.insert(UploadReceiver.commit(files, parent, author));
      objects.flush();
      return moved.name();
    }
  }

  /** A ref keeps the commit now. */
  public void anchored() {
    if (held.getAndSet(false)) {
      lock.leave();
    }
  }

  /** The upload has been answered. */
  @Override
  public void close() {
    anchored();
    if (open.getAndSet(false)) {
      lock.depart();
    }
  }
}
