package dev.paas.gitreceiver.repository;

import dev.paas.base.disk.DurableFile;
import dev.paas.base.name.AppName;
import dev.paas.base.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.GC;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bare repositories {@code <folder>/<app>.git} of a platform.
 *
 * <p>Every method that changes something returns after the change is on the disk: objects and refs
 * are fsynced by JGit (configured at creation), their directories here.
 */
public final class Repositories {

  /** Pushes that are being built are kept alive by refs below this. */
  public static final String PUSHES = "refs/paas/pushes/";

  /** More packs than this make every look-up slow. */
  private static final int PACKS_KEPT = 32;

  /** Objects from this size on are read as streams, in bytes. */
  private static final int LARGE = 4 << 20;

  /** How long a push that has been ended may take to be told. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Repositories.class);

  private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9-]*)\\.git");

  private final Path folder;
  private final int packsKept;
  private final Arrivals arrivals;
  private final Map<AppName, RepositoryLock> locks = new ConcurrentHashMap<>();

  /** The repositories below {@code folder}, which is made with the first of them. */
  public Repositories(Path folder) {
    this(folder, PACKS_KEPT);
  }

  /**
   * @param packsKept a repository with more packs is packed when nothing is under way
   */
  public Repositories(Path folder, int packsKept) {
    this.folder = folder;
    this.packsKept = packsKept;
    this.arrivals = new Arrivals(folder.resolve(".arriving"));
    // JGit has this for the whole process only; its own 50 MiB twice are more than the heap.
    WindowCacheConfig reading = new WindowCacheConfig();
    reading.setStreamFileThreshold(LARGE);
    reading.install();
  }

  /** Where the app's repository is or would be. */
  public Path path(AppName app) {
    return folder.resolve(app + ".git");
  }

  public boolean exists(AppName app) {
    return FileKey.isGitRepository(path(app).toFile(), FS.DETECTED);
  }

  /** The apps that have a repository, sorted. */
  public List<AppName> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> NAME.matcher(String.valueOf(entry.getFileName())))
          .filter(Matcher::matches)
          .map(name -> new AppName(name.group(1)))
          .sorted()
          .toList();
    }
  }

  /**
   * Makes the app's repository if it is not there. It is built under a hidden name and renamed: a
   * crash leaves either none or a whole one, and the left-over goes with the next creation.
   */
  public void create(AppName app) throws IOException {
    synchronized (lock(app)) {
      if (exists(app)) {
        return;
      }
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path building = folder.resolve("." + app + ".new");
      Arrivals.deleteTree(building);
      try (Repository repository = new FileRepository(building.toFile())) {
        repository.create(true);
        configure(repository.getConfig());
        DurableRefs.linkHead(repository, "refs/heads/main");
      }
      syncTree(building);
      Files.move(building, path(app), StandardCopyOption.ATOMIC_MOVE);
      DurableFile.syncDirectory(folder);
    }
  }

  private static void configure(StoredConfig config) throws IOException {
    config.setBoolean(ConfigConstants.CONFIG_CORE_SECTION, null, "fsyncRefFiles", true);
    config.setBoolean(ConfigConstants.CONFIG_CORE_SECTION, null, "fsyncObjectFiles", true);
    config.setBoolean("receive", null, "autogc", false);
    config.setInt("gc", null, "auto", 0);
    // Collections run alone (RepositoryLock): what no ref reaches is nobody's.
    config.setString("gc", null, "pruneExpire", "now");
    config.setString("gc", null, "prunePackExpire", "now");
    // A reader that opened a pack before a collection finds it again.
    config.setBoolean("pack", null, "preserveOldPacks", true);
    config.setBoolean("pack", null, "prunePreserved", true);
    config.save();
  }

  /** Opens the app's repository; the caller closes it. */
  public Repository open(AppName app) throws IOException {
    return new FileRepositoryBuilder().setGitDir(path(app).toFile()).setMustExist(true).build();
  }

  /**
   * Removes the app's repository. It is renamed first: after a crash it is either whole or gone,
   * and the left-over goes with the next creation or deletion. Those who are just being received
   * have a moment to be answered; nobody is waited for longer than that.
   */
  public void delete(AppName app) throws IOException, InterruptedException {
    if (!lock(app).awaitEmpty(ANSWERED_WITHIN, Ticker.system())) {
      LOG.atWarn().addKeyValue("app", app).log("repository removed under a push");
    }
    synchronized (lock(app)) {
      Path going = folder.resolve("." + app + ".gone");
      Arrivals.deleteTree(going);
      if (Files.exists(path(app))) {
        Files.move(path(app), going, StandardCopyOption.ATOMIC_MOVE);
        DurableFile.syncDirectory(folder);
      }
      Arrivals.deleteTree(going);
      Arrivals.deleteTree(folder.resolve("." + app + ".new"));
    }
  }

  /** The commit a ref points to, e.g. of {@code refs/heads/main}. */
  public Optional<String> read(AppName app, String ref) throws IOException {
    try (Repository repository = open(app)) {
      return Optional.ofNullable(repository.exactRef(ref))
          .map(Ref::getObjectId)
          .map(ObjectId::name);
    }
  }

  /** Keeps a push's commit alive as {@code refs/paas/pushes/<number>}. Idempotent. */
  public void createPushRef(AppName app, long number, String commit) throws IOException {
    move(app, PUSHES + number, null, commit);
  }

  /** Lets go of a push's commit; what no other ref reaches may be removed. Idempotent. */
  public void dropPushRef(AppName app, long number) throws IOException {
    deleteRef(app, PUSHES + number, null);
  }

  /**
   * Deletes a ref that is at {@code expected}.
   *
   * @return false when it is elsewhere; true also when it was not there
   */
  public boolean deleteRef(AppName app, String ref, @Nullable String expected) throws IOException {
    return changing(app, repository -> DurableRefs.delete(repository, ref, expected));
  }

  /** Where the objects of one push to the app arrive. */
  public Quarantine quarantine(AppName app) throws IOException {
    return new Quarantine(app, path(app), lock(app), arrivals);
  }

  /** Removes what pushes that a killed process received have left; none is under way yet. */
  public void sweepArrivals() throws IOException {
    arrivals.sweep();
  }

  /**
   * Removes what declined and broken pushes left, and packs the repository when it has many packs:
   * every push brings one. Leaves to a later call what a push that is under way may hold.
   *
   * @return whether it was done
   */
  public boolean tidy(AppName app) throws IOException {
    return lock(app)
        .alone(
            () -> {
              try (FileRepository repository = new FileRepository(path(app).toFile())) {
                OrphanPacks.remove(repository);
                if (repository.getObjectDatabase().getPacks().size() > packsKept) {
                  collect(repository);
                }
              }
            });
  }

  /** What {@link #tidy} would remove now; nothing while a push is under way. */
  public List<String> leftOver(AppName app) throws IOException {
    List<String> left = new ArrayList<>();
    lock(app)
        .alone(
            () -> {
              if (exists(app)) {
                try (Repository repository = open(app)) {
                  left.addAll(OrphanPacks.find(repository));
                }
              }
            });
    return left;
  }

  private static void collect(FileRepository repository) throws IOException {
    try {
      GC collection = new GC(repository);
      collection.setPackConfig(packing(repository));
      var unused = collection.gc().join();
    } catch (ParseException | GitAPIException failed) {
      throw new IOException("can't pack " + repository.getDirectory(), failed);
    }
  }

  /** How objects are packed for clients and for the disk: deltas are kept, but none are sought. */
  public static PackConfig packing(Repository repository) {
    PackConfig config = new PackConfig(repository);
    // The search holds ten objects of up to 50 MiB at once.
    config.setDeltaCompress(false);
    return config;
  }

  /**
   * Moves a branch from {@code expected} ({@code Push.NONE}: it must not exist) to {@code commit},
   * fast-forward or not.
   *
   * @return false when the branch is neither at {@code expected} nor already at {@code commit}
   */
  public boolean moveBranch(AppName app, String branch, String expected, String commit)
      throws IOException {
    return move(app, branch, expected, commit);
  }

  private boolean move(AppName app, String ref, @Nullable String expected, String commit)
      throws IOException {
    return changing(app, repository -> DurableRefs.move(repository, ref, expected, commit));
  }

  /** A change of a ref. */
  private interface Change {
    boolean in(Repository repository) throws IOException;
  }

  /**
   * Changes of refs come one after another and never during a clean-up, so that a lock of JGit that
   * is there belongs to a process that was killed.
   */
  private boolean changing(AppName app, Change change) throws IOException {
    RepositoryLock lock = lock(app);
    lock.enter();
    try (Repository repository = open(app)) {
      synchronized (lock) {
        AbandonedLocks.remove(repository);
        return change.in(repository);
      }
    } finally {
      lock.leave();
    }
  }

  /** Serialises clean-ups with pushes that are not anchored yet. */
  public RepositoryLock lock(AppName app) {
    return locks.computeIfAbsent(app, ignored -> new RepositoryLock());
  }

  private static void syncTree(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      all.forEach(
          path -> {
            try {
              DurableFile.syncDirectory(path); // fsync(2) is the same for files
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          });
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  /** What the app's repository has on the disk, without packs that only late readers still need. */
  public long bytes(AppName app) throws IOException {
    AtomicLong bytes = new AtomicLong();
    if (!Files.isDirectory(path(app))) {
      return 0;
    }
    Files.walkFileTree(
        path(app),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.endsWith("pack/preserved")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE; // files come and go meanwhile
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes.get();
  }
}
