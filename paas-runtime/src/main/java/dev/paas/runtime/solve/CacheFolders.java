package dev.paas.runtime.solve;

import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.DiskUsage;
import dev.paas.runtime.linux.file.FileCallException;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.sandbox.SandboxMounts;
import dev.paas.runtime.solve.copy.Owner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The caches of each app, which steps mount and fill. They are measured when somebody asks and a
 * step may have changed them since.
 */
public final class CacheFolders {

  private static final int MODE_BITS = 07777;

  private final Path folder;
  private final Path temporary;
  private final DiskLimits most;
  private final AtomicLong counter = new AtomicLong();

  /** As measured since the last step that had them ended. */
  private final Map<AppName, Long> bytes = new ConcurrentHashMap<>();

  /** Steps that have the caches of an app mounted. Guarded by itself. */
  private final Map<AppName, Integer> users = new HashMap<>();

  /**
   * @param data the folder {@code <data>/runtime}
   */
  public CacheFolders(Path data, PlatformSettings.Build limits) throws IOException {
    Folders.create(data.resolve("cache"), "rwx------");
    this.folder = Folders.create(data.resolve("cache/mounts"), "rwx------");
    this.temporary = data.resolve("tmp"); // what is left in it goes when the daemon starts
    this.most =
        new DiskLimits(
            limits.disk().bytes() / 2,
            limits.maxFiles() / 2,
            limits.maxNameBytes().bytes() / 2,
            limits.maxDirectory());
  }

  /** A step is about to mount the caches that it wants, if any. */
  Use use(AppName app, ExecOp op) {
    Use use = new Use(app, op);
    if (use.mounts()) {
      synchronized (users) {
        users.merge(app, 1, Integer::sum);
      }
    }
    return use;
  }

  /** A step with the caches that it mounts; closing it says that it has ended. */
  final class Use implements AutoCloseable {

    private final AppName app;
    private final ExecOp op;

    private Use(AppName app, ExecOp op) {
      this.app = app;
      this.op = op;
    }

    private boolean mounts() {
      return op.getCachesCount() > 0;
    }

    /**
     * The caches, made where they are missing. Their content belongs to one app: a cache that
     * others fill could poison its builds.
     *
     * @param view the step's root filesystem, which knows its user
     */
    List<SandboxMounts.Shared> folders(Directory view) throws IOException {
      List<SandboxMounts.Shared> all = new ArrayList<>();
      for (CacheMount mount : op.getCachesList()) {
        Path own = Folders.create(folder.resolve(app.value()), "rwx------");
        Path place = own.resolve(Sha256.of(mount.getId()).shortHex());
        emptyWhenTooLarge(own, place);
        Files.createDirectories(place);
        try (Directory directory = Directory.open(place)) {
          Owner owner = owner(mount, view);
          directory.setOwner(".", owner.uid(), owner.gid());
          directory.setMode(".", mount.getMode() == 0 ? 0755 : mount.getMode() & MODE_BITS);
        }
        all.add(new SandboxMounts.Shared(place, mount.getTarget()));
      }
      return all;
    }

    private Owner owner(CacheMount mount, Directory view) throws IOException {
      String asked = mount.getOwner().isEmpty() ? op.getUser() : mount.getOwner();
      return asked.isEmpty() ? Owner.ROOT : Owner.parse(asked, view);
    }

    @Override
    public void close() {
      if (mounts()) {
        synchronized (users) {
          users.computeIfPresent(app, (name, count) -> count > 1 ? count - 1 : null);
        }
        bytes.remove(app);
      }
    }
  }

  /** A cache that leaves a step little to write would make it fail for ever: it begins empty. */
  private void emptyWhenTooLarge(Path own, Path place) throws IOException {
    DiskUsage usage = new DiskUsage(most, true);
    usage.add(place);
    if (usage.excess() != DiskLimits.Excess.NONE) {
      try (Directory in = Directory.open(own)) {
        in.removeTree(String.valueOf(place.getFileName()));
      }
    }
  }

  /** What the caches of an app have on the disk. */
  public long bytes(AppName app) throws IOException {
    try {
      // A step that ends meanwhile waits with its removal: what it wrote is not left out.
      return bytes.computeIfAbsent(app, this::measured);
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  private long measured(AppName app) {
    DiskUsage usage = new DiskUsage(new DiskLimits(Long.MAX_VALUE, Long.MAX_VALUE), false);
    try {
      usage.add(folder.resolve(app.value()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return usage.bytes();
  }

  /** Removes the caches of an app that is removed, of which no step runs any more. */
  public void remove(AppName app) throws IOException {
    try (Directory all = Directory.open(folder)) {
      all.removeTree(app.value());
    }
    // Another app may come to have the name.
    bytes.remove(app);
  }

  /** Empties the caches of an app, unless a step of it has them just now. */
  public void drop(AppName app) throws IOException {
    // Moved away first, so that a step that begins meanwhile has its own.
    String gone = "cache-" + counter.incrementAndGet();
    synchronized (users) {
      if (users.containsKey(app)) {
        return;
      }
      try (Directory from = Directory.open(folder);
          Directory to = Directory.open(temporary)) {
        from.rename(app.value(), to, gone);
      } catch (FileCallException absent) {
        if (!absent.is(FileCallException.ENOENT)) {
          throw absent;
        }
        return;
      }
    }
    bytes.remove(app);
    try (Directory all = Directory.open(temporary)) {
      all.removeTree(gone);
    }
  }
}
