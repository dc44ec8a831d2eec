package dev.paas.runtime.inventory;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.ListInstancesResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The inventory as others see it: a snapshot and every change after it, none missed and none twice.
 * Watchers must not block.
 */
public final class Changes {

  /** Watchers at once: every change is told to each. */
  private static final int MAX_WATCHERS = 32;

  private long deaths;
  private final SortedMap<String, Instance> views = new TreeMap<>();
  private final List<Consumer<InstanceEvent>> watchers = new ArrayList<>();

  /** What watchers are told of earlier lives of this daemon. */
  public synchronized void diedSoFar(long times) {
    deaths = times;
  }

  public synchronized void publish(String name, Instance view) {
    if (!view.equals(views.put(name, view))) {
      tell(InstanceEvent.newBuilder().setChanged(view).build());
    }
  }

  public synchronized void remove(String name, InstanceId id) {
    if (views.remove(name) != null) {
      tell(InstanceEvent.newBuilder().setRemoved(id).build());
    }
  }

  public synchronized List<Instance> all() {
    return List.copyOf(views.values());
  }

  /** Tells the snapshot at once, then each change; the answer ends it. */
  public synchronized Runnable watch(Consumer<InstanceEvent> watcher) {
    if (watchers.size() >= MAX_WATCHERS) {
      throw Problem.of(
              Kind.BUSY,
              "runtime.busy",
              "The instances have as many watchers as they may",
              Integer.toString(MAX_WATCHERS),
              "End one, then try again.")
          .asException();
    }
    watcher.accept(
        InstanceEvent.newBuilder()
            .setSnapshot(
                ListInstancesResponse.newBuilder()
                    .addAllInstances(views.values())
                    .setDeaths(deaths))
            .build());
    watchers.add(watcher);
    return () -> unwatch(watcher);
  }

  private synchronized void unwatch(Consumer<InstanceEvent> watcher) {
    watchers.remove(watcher);
  }

  private void tell(InstanceEvent event) {
    List.copyOf(watchers).forEach(watcher -> watcher.accept(event));
  }
}
