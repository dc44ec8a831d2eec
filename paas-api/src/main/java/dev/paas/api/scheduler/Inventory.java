package dev.paas.api.scheduler;

import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.time.Backoff;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.WatchInstancesRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.stub.StreamObserver;
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
 * What runs, as paas-runtimed tells it: a snapshot, then changes. Between the end of one stream and
 * the snapshot of the next the inventory is unknown, and unknown is not empty.
 */
public final class Inventory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

  /** The process type of one-off runs; they belong to their caller, not to a formation. */
  public static final String ONE_OFF = "run";

  private static final Backoff RECONNECTIONS =
      new Backoff(Duration.ofMillis(20), Duration.ofMillis(500));

  private final RuntimeClient runtime;
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
  private @Nullable CancellableContext watching;

  /** As the last snapshot said. Guarded by this. */
  private long deaths;

  private int losses;
  private boolean closed;

  public Inventory(RuntimeClient runtime) {
    this.runtime = runtime;
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
    InstanceName key = InstanceIds.name(instance.getId());
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
    CancellableContext context = Context.ROOT.withCancellation();
    synchronized (this) {
      if (closed) {
        return;
      }
      watching = context;
    }
    runtime.connectNow();
    context.run(
        () ->
            runtime
                .streaming()
                .watchInstances(WatchInstancesRequest.getDefaultInstance(), new Watch()));
  }

  private final class Watch implements StreamObserver<InstanceEvent> {

    @Override
    public void onNext(InstanceEvent event) {
      Set<AppName> touched = new HashSet<>();
      synchronized (Inventory.this) {
        switch (event.getEventCase()) {
          case SNAPSHOT -> {
            SortedMap<InstanceName, Instance> all = new TreeMap<>();
            for (Instance instance : event.getSnapshot().getInstancesList()) {
              if (!instance.getId().getProcess().equals(ONE_OFF)) {
                all.put(InstanceIds.name(instance.getId()), instance);
              }
            }
            instances = all;
            deaths = event.getSnapshot().getDeaths();
            losses = 0;
            all.keySet().forEach(key -> touched.add(key.app()));
          }
          case CHANGED -> {
            if (instances != null && !event.getChanged().getId().getProcess().equals(ONE_OFF)) {
              InstanceName key = InstanceIds.name(event.getChanged().getId());
              instances.put(key, event.getChanged());
              touched.add(key.app());
            }
          }
          case REMOVED -> {
            if (instances != null && !event.getRemoved().getProcess().equals(ONE_OFF)) {
              InstanceName key = InstanceIds.name(event.getRemoved());
              instances.remove(key);
              touched.add(key.app());
            }
          }
          case EVENT_NOT_SET -> {}
        }
      }
      if (event.hasSnapshot()) {
        LOG.atInfo()
            .addKeyValue("instances", event.getSnapshot().getInstancesCount())
            .log("runtime connected");
        listeners.forEach(Listener::changedAll);
      }
      tell(touched);
    }

    @Override
    public void onError(Throwable failed) {
      lost(String.valueOf(failed.getMessage()));
    }

    @Override
    public void onCompleted() {
      lost("the stream ended");
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
    CancellableContext context;
    synchronized (this) {
      closed = true;
      context = watching;
    }
    timer.shutdownNow();
    if (context != null) {
      context.cancel(null);
    }
  }
}
