package dev.paas.runtime.container;

import dev.paas.base.time.Ticker;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.DiskUsage;
import java.io.IOException;
import java.nio.file.Path;
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
 * Ends a container that has more on the disk than it may: on any file system, whether it has quotas
 * or not. What is free on the disk is read four times a second; only a container that can have
 * passed its limit by what has gone since it was last measured is measured again, and all of them
 * once a minute. So a container passes its limit by what it writes in a quarter of a second and
 * while it is measured.
 *
 * <p>Names take little room: whether there are too many shows only when they are counted. Where it
 * matters soon, in a build's step, they are counted again whenever something was written, for a
 * fifth of the time at most.
 */
public final class DiskWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
  private static final long TICK_MILLIS = 250;
  private static final int TICKS_PER_ROUND = 240;

  /** Names are not counted again before so many ticks have passed, nor sooner than this share. */
  private static final int COUNT_TICKS = 4;

  private static final int COUNT_SHARE = 4;

  private final Path disk;
  private final Cgroups cgroups;
  private final Duties duties;
  private final Ticker ticker;
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
   * @param most the limits
   * @param step whether it is a build's: names are counted often, and holes count, see {@link
   *     DiskUsage}
   */
  public record Limit(List<Path> folders, Path root, DiskLimits most, boolean step) {}

  private static final class Watched {
    private final Limit limit;
    private volatile long measured;
    private long goneSince;
    private long countAgainAt;
    private volatile DiskLimits.Excess excess = DiskLimits.Excess.NONE;

    Watched(Limit limit) {
      this.limit = limit;
    }
  }

  /**
   * @param disk a folder of the disk that containers write to
   */
  public DiskWatch(Path disk, Cgroups cgroups, Duties duties, Ticker ticker) {
    this.disk = disk;
    this.cgroups = cgroups;
    this.duties = duties;
    this.ticker = ticker;
  }

  /** Watches a container from now on; it has written nothing yet, or what it has counts. */
  @SuppressWarnings("FutureReturnValueIgnored")
  public void watch(String name, Limit limit) {
    all.put(name, new Watched(limit));
    if (started.compareAndSet(false, true)) {
      ticks.scheduleWithFixedDelay(
          duties.standing("disk-watch", this::look),
          TICK_MILLIS,
          TICK_MILLIS,
          TimeUnit.MILLISECONDS);
    }
  }

  /** Measures a container now, and says which limit it has exceeded, now or before. */
  public DiskLimits.Excess measured(String name) throws IOException {
    Watched watched = all.get(name);
    if (watched != null && isWithin(watched)) {
      measure(name, watched);
    }
    return excess(name);
  }

  /** Which limit a container was found to have exceeded. */
  public DiskLimits.Excess excess(String name) {
    Watched watched = all.get(name);
    return watched == null ? DiskLimits.Excess.NONE : watched.excess;
  }

  private static boolean isWithin(Watched watched) {
    return watched.excess == DiskLimits.Excess.NONE;
  }

  /** What a container had written when it was last measured, which is a minute ago at most. */
  public long bytes(String name) {
    Watched watched = all.get(name);
    return watched == null ? 0 : watched.measured;
  }

  void forget(String name) {
    all.remove(name);
    duties.over("disk of " + name);
  }

  private synchronized void look() throws IOException {
    long now = DiskUsage.free(disk);
    long gone = free < 0 ? 0 : Math.max(0, free - now);
    free = now;
    tick = (tick + 1) % TICKS_PER_ROUND;
    for (Map.Entry<String, Watched> each : all.entrySet()) {
      // One that can't be measured must not keep the others from it.
      duties.attempt("disk of " + each.getKey(), () -> look(each.getKey(), each.getValue(), gone));
      if (!all.containsKey(each.getKey())) {
        duties.over("disk of " + each.getKey());
      }
    }
  }

  private void look(String name, Watched watched, long gone) throws IOException {
    watched.goneSince += gone;
    if (isWithin(watched) && (isDue(watched) || tick == 0)) {
      measure(name, watched);
    }
    if (!isWithin(watched)) {
      cgroups.kill(name);
    }
  }

  private boolean isDue(Watched watched) {
    return watched.measured + watched.goneSince > watched.limit.most().bytes()
        || (watched.limit.step()
            && watched.goneSince > 0
            && ticker.nanos() >= watched.countAgainAt);
  }

  private synchronized void measure(String name, Watched watched) throws IOException {
    Limit limit = watched.limit;
    long start = ticker.nanos();
    DiskUsage usage = new DiskUsage(limit.most(), limit.step());
    for (Path folder : limit.folders()) {
      usage.add(folder);
    }
    Set<Long> devices = DiskUsage.devices(List.of(limit.root(), disk));
    for (int pid : cgroups.pids(name)) {
      if (usage.excess() == DiskLimits.Excess.NONE) {
        usage.addUnnamed(pid, devices);
      }
    }
    watched.measured = usage.bytes();
    watched.goneSince = 0;
    long end = ticker.nanos();
    long pause =
        Math.max(
            TimeUnit.MILLISECONDS.toNanos(COUNT_TICKS * TICK_MILLIS), COUNT_SHARE * (end - start));
    watched.countAgainAt = end + pause;
    if (usage.excess() != DiskLimits.Excess.NONE) {
      watched.excess = usage.excess();
      LOG.atWarn()
          .addKeyValue("container", name)
          .addKeyValue("excess", usage.excess())
          .addKeyValue("limits", limit.most())
          .log("container has more on the disk than it may");
    }
  }

  @Override
  public void close() {
    ticks.shutdownNow();
  }
}
