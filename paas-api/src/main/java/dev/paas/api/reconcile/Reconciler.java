package dev.paas.api.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A work queue of keys. For each key a step reads what is wanted and what is, and does one thing
 * about the difference.
 *
 * <ul>
 *   <li>A key is worked on by one thread at a time; different keys run beside each other.
 *   <li>A key that is enqueued while it waits is one key; enqueued while it runs, it runs once
 *       more.
 *   <li>A step that throws is logged and tried again with backoff: nothing is lost, nothing spins.
 *   <li>The queue is not durable: whoever owns it enqueues every open key at start.
 * </ul>
 */
public final class Reconciler<K> implements AutoCloseable {

  /** One idempotent step for a key. */
  @FunctionalInterface
  public interface Step<K> {
    Requeue reconcile(K key) throws Exception;
  }

  /** First and last delay of the backoff. */
  public static final Duration BACKOFF_MIN = Duration.ofMillis(100);

  public static final Duration BACKOFF_MAX = Duration.ofSeconds(30);

  /** How long {@link #close} waits for steps that run. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  private final String name;
  private final Step<K> step;
  private final ScheduledThreadPoolExecutor pool;
  private final Map<K, Entry> entries = new HashMap<>();

  /** What is known of a key that waits, runs or backs off. Guarded by {@link #entries}. */
  private static final class Entry {
    boolean running;
    boolean dirty;
    int failures;
    @Nullable ScheduledFuture<?> scheduled;
  }

  /**
   * @param name the name of the threads and of the queue in the log
   * @param workers how many keys are worked on at once
   */
  public Reconciler(String name, int workers, Step<K> step) {
    this.name = name;
    this.step = step;
    AtomicInteger number = new AtomicInteger();
    this.pool =
        new ScheduledThreadPoolExecutor(
            workers, task -> new Thread(task, name + "-" + number.incrementAndGet()));
    pool.setRemoveOnCancelPolicy(true);
    pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Has a step run for {@code key} soon, whatever its backoff says. */
  public void enqueue(K key) {
    synchronized (entries) {
      Entry entry = entries.computeIfAbsent(key, none -> new Entry());
      if (entry.running) {
        entry.dirty = true;
      } else {
        schedule(key, entry, Duration.ZERO);
      }
    }
  }

  /** The sweep at start: every key that may have something to do. */
  public void enqueueAll(Collection<? extends K> keys) {
    keys.forEach(this::enqueue);
  }

  private void schedule(K key, Entry entry, Duration delay) {
    if (entry.scheduled != null) {
      entry.scheduled.cancel(false);
    }
    try {
      entry.scheduled = pool.schedule(() -> work(key), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closing) {
      entries.remove(key);
    }
  }

  private void work(K key) {
    synchronized (entries) {
      Entry entry = entries.get(key);
      if (entry == null || entry.running) {
        return;
      }
      entry.running = true;
      entry.scheduled = null;
    }
    Requeue answer = Requeue.backoff();
    try {
      answer = step.reconcile(key);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (Exception | AssertionError failed) {
      LOG.atWarn()
          .addKeyValue("queue", name)
          .addKeyValue("key", key)
          .setCause(failed)
          .log("step failed, will be tried again");
    } finally {
      settle(key, answer);
    }
  }

  private void settle(K key, Requeue answer) {
    synchronized (entries) {
      Entry entry = entries.get(key);
      if (entry == null) {
        return;
      }
      entry.running = false;
      if (answer instanceof Requeue.Backoff) {
        entry.failures++;
      } else {
        entry.failures = 0;
      }
      if (entry.dirty) {
        entry.dirty = false;
        schedule(key, entry, Duration.ZERO);
      } else if (answer instanceof Requeue.Backoff) {
        schedule(key, entry, backoff(entry.failures));
      } else if (answer instanceof Requeue.After after) {
        schedule(key, entry, after.delay());
      } else {
        entries.remove(key);
      }
    }
  }

  /** 100 ms, 200 ms, 400 ms … 30 s. */
  static Duration backoff(int failures) {
    int doublings = Math.min(failures - 1, 20);
    Duration delay = BACKOFF_MIN.multipliedBy(1L << doublings);
    return delay.compareTo(BACKOFF_MAX) > 0 ? BACKOFF_MAX : delay;
  }

  /** Starts no further step, waits a little for those that run, interrupts the rest. */
  @Override
  public void close() {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException hurried) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
