package dev.paas.gitreceiver.repository;

import dev.paas.base.disk.DurableFile;
import dev.paas.base.name.AppName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the objects of one push arrive, as in git itself (git-receive-pack(1), "quarantine
 * environment"): a folder of its own, to which the repository's objects are an alternate. JGit
 * names a pack after the objects in it and locks it by a file of that name, so that in one folder
 * equal pushes would take each other's locks.
 *
 * <ol>
 *   <li>a pack arrives; a crash leaves a folder that the next start sweeps
 *   <li>{@link #publish} links pack, then index into the repository; a crash in between leaves a
 *       pack without an index, which is none to git and goes with {@link Repositories#tidy}
 *   <li>{@link #close} removes the folder; a crash before leaves it to the next start
 * </ol>
 */
public final class Quarantine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

  private static final String INDEX = ".idx";
  private static final String PACK = ".pack";

  private final AppName app;
  private final Path repository;
  private final RepositoryLock lock;
  private final Path folder;

  Quarantine(AppName app, Path repository, RepositoryLock lock, Arrivals arrivals)
      throws IOException {
    this.app = app;
    this.repository = repository;
    this.lock = lock;
    this.folder = arrivals.begin(app);
  }

  /** Whose push it is. */
  public AppName app() {
    return app;
  }

  /** A repository that stores into this folder and reads from here and from the app's. */
  public FileRepositoryBuilder options() throws IOException {
    // By a name below which JGit sees no repository: it would keep one open for an hour, with the
    // packs that it had, and offer all of its refs to the client.
    Path objects = repository.resolve(Constants.OBJECTS).resolve(".");
    return new FileRepositoryBuilder()
        .setGitDir(repository.toFile())
        .setObjectDirectory(folder.toFile())
        .addAlternateObjectDirectory(objects.toFile())
        .setBare()
        .setup();
  }

  /**
   * Puts the objects into the repository, durably. The push still holds its permit of {@link
   * RepositoryLock}: until it has anchored them or is given up, nothing is removed there.
   */
  public void publish() throws IOException {
    Path from = folder.resolve("pack");
    Path to = repository.resolve(Constants.OBJECTS).resolve("pack");
    if (!Files.isDirectory(from)) {
      return; // nothing came that the repository did not have
    }
    synchronized (lock) {
      for (Path index : indexes(from)) {
        String name = String.valueOf(index.getFileName()).replace(INDEX, "");
        // A pack of this name has the same objects, and its index came last: it is whole.
        if (!Files.exists(to.resolve(name + INDEX))) {
          Files.deleteIfExists(to.resolve(name + PACK));
          Files.createLink(to.resolve(name + PACK), from.resolve(name + PACK));
          Files.createLink(to.resolve(name + INDEX), index);
        }
      }
      DurableFile.syncDirectory(to);
    }
  }

  private static List<Path> indexes(Path packs) throws IOException {
    try (Stream<Path> files = Files.list(packs)) {
      return files.filter(file -> file.toString().endsWith(INDEX)).toList();
    }
  }

  @Override
  public void close() {
    try {
      Arrivals.deleteTree(folder);
    } catch (IOException left) {
      // The push has its answer; the next start sweeps.
      LOG.atWarn().addKeyValue("app", app).setCause(left).log("objects of a push not removed");
    }
  }
}
