package dev.paas.api.reconcile;

import dev.paas.base.time.Backoff;
import dev.paas.base.time.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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
 *   <li>A step that throws anything, errors included, is logged and tried again with backoff:
 *       nothing is lost, nothing spins.
 *   <li>Work that has an end is not tried for ever: after {@link #TRIES} failures in a row that no
 *       {@link Outage} explains, its owner is asked to end it ({@link Ending}). A duty that has no
 *       end is tried on, and shows up in {@link #troubles}.
 *   <li>The queue is not durable: whoever owns it enqueues every open key at start.
 * </ul>
 */
public final class Reconciler<K> implements AutoCloseable {

  /** One idempotent step for a key. */
  @FunctionalInterface
  public interface Step<K> {
    Requeue reconcile(K key) throws Exception;
  }

  /** Ends the work that a key stands for. */
  @FunctionalInterface
  public interface Ending<K> {

    /** Answers whether there was work to end; without any, the step is tried on. */
    boolean end(K key, Throwable cause) throws Exception;
  }

  /** So often a step may fail in a row, for reasons that nobody expected, before its work ends. */
  static final int TRIES = 3;

  /** Tries that follow each other sooner than this altogether are too few to judge by. */
  static final Duration TRIES_TAKE = Duration.ofSeconds(2);

  /** From so many failures in a row on a person should know. */
  static final int WORTH_TELLING = 5;

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

  /** How long {@link #close} waits for steps that run. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  private final String name;
  private final Step<K> step;
  private final Ending<K> ending;
  private final Ticker ticker;
  private final ScheduledThreadPoolExecutor pool;
  private final Map<K, Entry> entries = new HashMap<>();

  /** What is known of a key that waits, runs or backs off. Guarded by {@link #entries}. */
  private static final class Entry {
    boolean running;
    boolean dirty;
    int failures;

    /** Failures in a row that nobody expected, the first one's time, the last one. */
    int unexpected;

    long failingSince;
    @Nullable Throwable cause;
    @Nullable ScheduledFuture<?> scheduled;
  }

  /**
   * @param name the name of the threads and of the queue in the log
   * @param workers how many keys are worked on at once
   */
  public Reconciler(String name, int workers, Step<K> step) {
    this(name, workers, step, (key, cause) -> false, Ticker.system());
  }

  /**
   * A queue of work that has an end.
   *
   * @param ending is asked after {@link #TRIES} failures
   */
  public Reconciler(String name, int workers, Step<K> step, Ending<K> ending, Ticker ticker) {
    this.name = name;
    this.step = step;
    this.ending = ending;
    this.ticker = ticker;
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
      succeeded(key);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (Throwable failed) {
      // Whatever it is: a key that nobody works on any more would keep somebody waiting for ever.
      answer = failed(key, failed);
    } finally {
      settle(key, answer);
    }
  }

  private void succeeded(K key) {
    synchronized (entries) {
      Entry entry = entries.get(key);
      if (entry != null) {
        entry.unexpected = 0;
        entry.cause = null;
      }
    }
  }

  private Requeue failed(K key, Throwable failed) {
    boolean counts = !Outage.is(failed) && !pool.isShutdown();
    LOG.atWarn()
        .addKeyValue("queue", name)
        .addKeyValue("key", key)
        .setCause(failed)
        .log("step failed, will be tried again");
    return counts && spent(key, failed) && ended(key, failed) ? Requeue.again() : Requeue.backoff();
  }

  /** Counts a failure; true when there were enough. */
  private boolean spent(K key, Throwable failed) {
    synchronized (entries) {
      Entry entry = entries.get(key);
      if (entry == null) {
        return false;
      }
      if (entry.unexpected++ == 0) {
        entry.failingSince = ticker.nanos();
      }
      entry.cause = failed;
      return entry.unexpected >= TRIES
          && ticker.since(entry.failingSince).compareTo(TRIES_TAKE) >= 0;
    }
  }

  private boolean ended(K key, Throwable cause) {
    try {
      if (!ending.end(key, cause)) {
        return false;
      }
    } catch (Throwable failed) {
      LOG.atError()
          .addKeyValue("queue", name)
          .addKeyValue("key", key)
          .setCause(failed)
          .log("work could not be ended, will be tried again");
      return false;
    }
    LOG.atError()
        .addKeyValue("queue", name)
        .addKeyValue("key", key)
        .setCause(cause)
        .log("work ended: its step failed again and again");
    succeeded(key);
    return true;
  }

  /** Keys that have failed many times in a row, none of which an outage explains. */
  public List<Duties.Trouble> troubles() {
    synchronized (entries) {
      return entries.entrySet().stream()
          .filter(entry -> entry.getValue().unexpected >= WORTH_TELLING)
          .map(
              entry ->
                  new Duties.Trouble(
                      name,
                      String.valueOf(entry.getKey()),
                      entry.getValue().unexpected,
                      String.valueOf(entry.getValue().cause)))
          .toList();
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
        schedule(key, entry, BACKOFF.after(entry.failures));
      } else if (answer instanceof Requeue.After after) {
        schedule(key, entry, after.delay());
      } else {
        entries.remove(key);
      }
    }
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
