package dev.paas.runtime.solve;

import dev.paas.base.name.AppName;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.DiskUsage;
import dev.paas.runtime.linux.file.FileCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How large the caches of each app are, which steps mount and fill. They are measured when somebody
 * asks and a step may have changed them since.
 */
final class CacheFolders {

  private final Path folder;
  private final Path temporary;
  private final AtomicLong counter = new AtomicLong();

  /** As measured since the last step that had them ended. */
  private final Map<AppName, Long> bytes = new ConcurrentHashMap<>();

  /** Steps that have the caches of an app mounted. Guarded by itself. */
  private final Map<AppName, Integer> users = new HashMap<>();

  /**
   * @param folder has a folder for each app
   * @param temporary on the same file system; what is left in it goes when the daemon starts
   */
  CacheFolders(Path folder, Path temporary) {
    this.folder = folder;
    this.temporary = temporary;
  }

  /** A step is about to mount the app's caches. */
  void enter(AppName app) {
    synchronized (users) {
      users.merge(app, 1, Integer::sum);
    }
  }

  /** It has ended. */
  void leave(AppName app) {
    synchronized (users) {
      users.computeIfPresent(app, (name, count) -> count > 1 ? count - 1 : null);
    }
    bytes.remove(app);
  }

  long bytes(AppName app) throws IOException {
    Long known = bytes.get(app);
    if (known != null) {
      return known;
    }
    DiskUsage usage = new DiskUsage(new DiskLimits(Long.MAX_VALUE, Long.MAX_VALUE), false);
    usage.add(folder.resolve(app.value()));
    bytes.put(app, usage.bytes());
    return usage.bytes();
  }

  /** Moved away first, so that a step that begins meanwhile has its own. */
  void drop(AppName app) throws IOException {
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
