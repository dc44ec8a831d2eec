package dev.paas.api.scheduler;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.time.Backoff;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs, as the scheduler tells it: a snapshot, then changes. Between the end of one stream and
 * the snapshot of the next the inventory is unknown, and unknown is not empty.
 */
public final class Inventory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

  private static final Backoff RECONNECTIONS =
      new Backoff(Duration.ofMillis(20), Duration.ofMillis(500));

  private final Scheduler scheduler;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "inventory");
            thread.setDaemon(true);
            return thread;
          });
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Null while unknown. Guarded by this. */
  private @Nullable SortedMap<InstanceName, Instance> instances;

  /** Guarded by this. */
  private Scheduler.@Nullable Watch watching;

  /** As the last snapshot said. Guarded by this. */
  private long deaths;

  private int losses;
  private boolean closed;

  public Inventory(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Hears what to look at again. Called on the client's threads: only hand over. */
  public interface Listener {

    /** Something about this app's instances changed. */
    void changed(AppName app);

    /** The inventory became known or unknown: look at every app. */
    void changedAll();
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Connects now and again after every loss, until closed. */
  public void start() {
    timer.execute(this::watch);
  }

  public synchronized boolean known() {
    return instances != null;
  }

  /** How often the runtime has died, while it is known. */
  public synchronized OptionalLong deaths() {
    return instances == null ? OptionalLong.empty() : OptionalLong.of(deaths);
  }

  /** The app's instances; nothing while the inventory is unknown. */
  public synchronized Optional<SortedMap<InstanceName, Instance>> of(AppName app) {
    if (instances == null) {
      return Optional.empty();
    }
    SortedMap<InstanceName, Instance> own = new TreeMap<>();
    instances.forEach(
        (key, instance) -> {
          if (key.app().equals(app)) {
            own.put(key, instance);
          }
        });
    return Optional.of(own);
  }

  /** The apps that have instances; nothing while the inventory is unknown. */
  public synchronized Optional<Set<AppName>> apps() {
    if (instances == null) {
      return Optional.empty();
    }
    Set<AppName> apps = new HashSet<>();
    instances.keySet().forEach(key -> apps.add(key.app()));
    return Optional.of(apps);
  }

  /** The answer to a start, unless the watch has told more already. */
  public void started(Instance instance) {
    InstanceName key = instance.name();
    synchronized (this) {
      if (instances == null || instances.putIfAbsent(key, instance) != null) {
        return;
      }
    }
    tell(Set.of(key.app()));
  }

  /** The answer to a stop: the instance is gone. */
  public void stopped(InstanceName key) {
    synchronized (this) {
      if (instances == null || instances.remove(key) == null) {
        return;
      }
    }
    tell(Set.of(key.app()));
  }

  private void watch() {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    Scheduler.Watch begun = scheduler.watch(new Changes());
    synchronized (this) {
      if (!closed) {
        watching = begun;
        return;
      }
    }
    begun.close();
  }

  private final class Changes implements Scheduler.Watcher {

    @Override
    public void snapshot(List<Instance> sent, long died) {
      Set<AppName> touched = new HashSet<>();
      synchronized (Inventory.this) {
        SortedMap<InstanceName, Instance> all = new TreeMap<>();
        for (Instance instance : sent) {
          all.put(instance.name(), instance);
          touched.add(instance.name().app());
        }
        instances = all;
        deaths = died;
        losses = 0;
      }
      LOG.atInfo().addKeyValue("instances", sent.size()).log("runtime connected");
      listeners.forEach(Listener::changedAll);
      tell(touched);
    }

    @Override
    public void changed(Instance instance) {
      InstanceName name = instance.name();
      synchronized (Inventory.this) {
        if (instances == null) {
          return;
        }
        instances.put(name, instance);
      }
      tell(Set.of(name.app()));
    }

    @Override
    public void removed(InstanceName name) {
      synchronized (Inventory.this) {
        if (instances == null) {
          return;
        }
        instances.remove(name);
      }
      tell(Set.of(name.app()));
    }

    @Override
    public void lost(String why) {
      Inventory.this.lost(why);
    }
  }

  private void lost(String why) {
    boolean was;
    Duration next;
    synchronized (this) {
      was = instances != null;
      instances = null;
      losses++;
      next = RECONNECTIONS.after(losses);
      if (closed) {
        return;
      }
    }
    // First of all, so that whatever a listener throws, there is a next connection.
    var unused = timer.schedule(this::watch, next.toMillis(), TimeUnit.MILLISECONDS);
    if (was) {
      LOG.atWarn().addKeyValue("why", why).log("runtime lost");
      listeners.forEach(Listener::changedAll);
    }
  }

  private void tell(Set<AppName> apps) {
    apps.forEach(app -> listeners.forEach(listener -> listener.changed(app)));
  }

  @Override
  public void close() {
    Scheduler.@Nullable Watch last;
    synchronized (this) {
      closed = true;
      last = watching;
    }
    timer.shutdownNow();
    if (last != null) {
      last.close();
    }
  }
}
