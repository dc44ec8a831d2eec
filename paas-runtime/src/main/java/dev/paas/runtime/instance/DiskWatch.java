package dev.paas.runtime.instance;

import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.linux.DiskUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a container that writes more to the disk than it may: on any file system, whether it has
 * quotas or not. What is free on the disk is read four times a second; only a container that can
 * have passed its limit by what has gone since it was last measured is measured again, and all of
 * them once a minute. So a container passes its limit by what it writes in a quarter of a second
 * and while it is measured.
 */
final class DiskWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
  private static final long TICK_MILLIS = 250;
  private static final int TICKS_PER_ROUND = 240;

  private final Path disk;
  private final Cgroups cgroups;
  private final Map<String, Watched> all = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor ticks =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "disk-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicBoolean started = new AtomicBoolean();
  private long free = -1;
  private int tick;

  /**
   * What a container may write, and where.
   *
   * @param folders of the host that it writes to
   * @param root its mounted root filesystem
   * @param bytes the limit
   * @param holes whether holes count, see {@link DiskUsage#below}
   */
  record Limit(List<Path> folders, Path root, long bytes, boolean holes) {}

  private static final class Watched {
    private final Limit limit;
    private long measured;
    private long goneSince;
    private volatile boolean exceeded;

    Watched(Limit limit) {
      this.limit = limit;
    }
  }

  /**
   * @param disk a folder of the disk that containers write to
   */
  DiskWatch(Path disk, Cgroups cgroups) {
    this.disk = disk;
    this.cgroups = cgroups;
  }

  /** Watches a container from now on; it has written nothing yet, or what it has counts. */
  @SuppressWarnings("FutureReturnValueIgnored")
  void watch(String name, Limit limit) {
    all.put(name, new Watched(limit));
    if (started.compareAndSet(false, true)) {
      ticks.scheduleWithFixedDelay(this::look, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Measures a container now. True: it has written more than it may, now or before. */
  boolean exceeds(String name) throws IOException {
    Watched watched = all.get(name);
    if (watched != null && !watched.exceeded) {
      measure(name, watched);
    }
    return exceeded(name);
  }

  /** Whether a container was found to have written more than it may. */
  boolean exceeded(String name) {
    Watched watched = all.get(name);
    return watched != null && watched.exceeded;
  }

  void forget(String name) {
    all.remove(name);
  }

  private synchronized void look() {
    try {
      long now = DiskUsage.free(disk);
      long gone = free < 0 ? 0 : Math.max(0, free - now);
      free = now;
      tick = (tick + 1) % TICKS_PER_ROUND;
      for (Map.Entry<String, Watched> each : all.entrySet()) {
        Watched watched = each.getValue();
        watched.goneSince += gone;
        boolean possible = watched.measured + watched.goneSince > watched.limit.bytes();
        if (!watched.exceeded && (possible || tick == 0)) {
          measure(each.getKey(), watched);
        }
        if (watched.exceeded) {
          cgroups.kill(each.getKey());
        }
      }
    } catch (IOException | RuntimeException failed) {
      LOG.atWarn().setCause(failed).log("disk not measured");
    }
  }

  private synchronized void measure(String name, Watched watched) throws IOException {
    Limit limit = watched.limit;
    long found = 0;
    for (Path folder : limit.folders()) {
      found = sum(found, DiskUsage.below(folder, limit.holes(), limit.bytes()));
    }
    Set<Long> devices = DiskUsage.devices(List.of(limit.root(), disk));
    Set<Long> seen = new HashSet<>();
    for (int pid : cgroups.pids(name)) {
      if (found <= limit.bytes()) {
        found = sum(found, DiskUsage.unnamed(pid, devices, seen, limit.bytes()));
      }
    }
    watched.measured = found;
    watched.goneSince = 0;
    if (found > limit.bytes()) {
      watched.exceeded = true;
      LOG.atWarn()
          .addKeyValue("container", name)
          .addKeyValue("limit", limit.bytes())
          .log("container writes more to the disk than it may");
    }
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  @Override
  public void close() {
    ticks.shutdownNow();
  }
}
