package dev.paas.gitreceiver.upload;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.disk.DurableFile;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.tar.TarReader;
import dev.paas.base.time.Ticker;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.receive.TreeNames;
import dev.paas.gitreceiver.repository.Quarantine;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.repository.RepositoryLock;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.ZipException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.submodule.SubmoduleValidator;
import org.eclipse.jgit.internal.submodule.SubmoduleValidator.SubmoduleValidationException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.GitmoduleEntry;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * Makes a commit of files that come as an archive.
 *
 * <ol>
 *   <li>objects are written to a {@link Quarantine}, as those of a push; a crash leaves a folder
 *       that the next start sweeps
 *   <li>they are published, durably; a crash leaves a pack that goes with {@link
 *       Repositories#tidy}, because no ref reaches it
 *   <li>whoever called has a ref keep the commit ({@link Upload#anchored})
 * </ol>
 */
public final class UploadReceiver {

  /** The largest .gitmodules that is looked at, in bytes. */
  private static final int MAX_MODULES = 1 << 20;

  private final Repositories repositories;
  private final UploadLimits limits;
  private final Ticker ticker;

  /** What comes into the repositories, within these limits. */
  public UploadReceiver(Repositories repositories, UploadLimits limits, Ticker ticker) {
    this.repositories = repositories;
    this.limits = limits;
    this.ticker = ticker;
  }

  /**
   * Reads an archive to its end. The app's repository is there.
   *
   * @param branches the refs that deploy: the first of them that is there moves, or is made
   * @param author who deploys, and when
   * @throws PaasException {@code upload.…}, {@code image.bad-archive}, {@code disk.full}
   */
  public Upload receive(AppName app, InputStream archive, List<String> branches, PersonIdent author)
      throws IOException {
    RepositoryLock lock = repositories.lock(app);
    lock.arrive();
    lock.enter();
    boolean done = false;
    try (Quarantine quarantine = repositories.quarantine(app);
        FileRepository repository = new FileRepository(quarantine.options())) {
      Upload upload = receive(quarantine, repository, archive, branches, author);
      done = true;
      return upload;
    } catch (EOFException | ZipException cut) {
      throw BadUpload.damaged(cut);
    } catch (CorruptObjectException refused) {
      throw BadUpload.entry("A name is refused: " + refused.getMessage(), "");
    } catch (IOException failed) {
      if (DiskSpace.isFull(failed)) {
        throw DiskSpace.full("no room for this upload").asException(failed);
      }
      throw failed;
    } finally {
      if (!done) {
        lock.leave();
        lock.depart();
      }
    }
  }

  /**
   * What was deployed last, as if it had come once more.
   *
   * @param branches the refs that deploy, as in {@link #receive}
   * @throws PaasException {@code upload.nothing-deployed}
   */
  public Upload again(AppName app, List<String> branches, PersonIdent author) throws IOException {
    RepositoryLock lock = repositories.lock(app);
    lock.arrive();
    lock.enter();
    boolean done = false;
    try (Repository repository = repositories.open(app)) {
      @Nullable Ref branch = branch(repository, branches);
      if (branch == null || branch.getObjectId() == null) {
        throw BadUpload.nothingDeployed(app);
      }
      String head = branch.getObjectId().name();
      Upload upload = new Upload(app, branch.getName(), head, head, author, repositories);
      done = true;
      return upload;
    } finally {
      if (!done) {
        lock.leave();
        lock.depart();
      }
    }
  }

  private Upload receive(
      Quarantine quarantine,
      FileRepository repository,
      InputStream archive,
      List<String> branches,
      PersonIdent author)
      throws IOException {
    AppName app = quarantine.app();
    Files.createDirectories(repository.getObjectDatabase().getPackDirectory().toPath());
    try (ObjectInserter objects = repository.getObjectDatabase().newPackInserter()) {
      Unpacked bytes = Unpacked.of(new Timely(archive, limits.timeout(), ticker), limits);
      FileTree files = new ArchiveFiles(new TarReader(bytes), limits, objects).read();
      bytes.drain();
      ObjectChecker checker = new TreeNames();
      ObjectId tree = files.write(objects, checker);
      checkModules(checker, objects);
      @Nullable Ref branch = branch(repository, branches);
      @Nullable ObjectId head = branch == null ? null : branch.getObjectId();
      boolean same = head != null && treeOf(repository, head).equals(tree);
      ObjectId commit = head != null && same ? head : objects.insert(commit(tree, head, author));
      objects.flush();
      sync(repository);
      quarantine.publish();
      return new Upload(
          app,
          branch == null ? branches.get(0) : branch.getName(),
          head == null ? Push.NONE : head.name(),
          commit.name(),
          author,
          repositories);
    }
  }

  /** The branch that was deployed, if any was. */
  private static @Nullable Ref branch(Repository repository, List<String> branches)
      throws IOException {
    return repository.getRefDatabase().firstExactRef(branches.toArray(String[]::new));
  }

  private static ObjectId treeOf(Repository repository, ObjectId commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return walk.parseCommit(commit).getTree().getId();
    }
  }

  /** A commit of a tree; both dates are its author's. */
  static CommitBuilder commit(ObjectId tree, @Nullable ObjectId parent, PersonIdent author) {
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    if (parent != null) {
      commit.setParentId(parent);
    }
    commit.setAuthor(author);
    commit.setCommitter(author);
    commit.setMessage("Deploy files of " + author.getName() + "\n");
    return commit;
  }

  /** What a client of git would do with a .gitmodules that lies (CVE-2018-11235). */
  private static void checkModules(ObjectChecker checker, ObjectInserter objects)
      throws IOException {
    if (checker.getGitsubmodules().isEmpty()) {
      return;
    }
    try (ObjectReader reader = objects.newReader()) {
      for (GitmoduleEntry entry : checker.getGitsubmodules()) {
        byte[] file = reader.open(entry.getBlobId(), Constants.OBJ_BLOB).getBytes(MAX_MODULES);
        SubmoduleValidator.assertValidGitModulesFile(new String(file, StandardCharsets.UTF_8));
      }
    } catch (SubmoduleValidationException | LargeObjectException refused) {
      throw BadUpload.entry("The .gitmodules is refused: " + refused.getMessage(), "");
    }
  }

  /** JGit does not sync what it packs itself. */
  private static void sync(FileRepository repository) throws IOException {
    File[] packs = repository.getObjectDatabase().getPackDirectory().listFiles();
    if (packs != null) {
      for (File file : packs) {
        DurableFile.syncDirectory(file.toPath()); // fsync(2) is the same for files
      }
    }
  }
}
