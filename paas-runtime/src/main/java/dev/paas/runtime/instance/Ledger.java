package dev.paas.runtime.instance;

import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.cgroup.Usage;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.inventory.Changes;
import dev.paas.runtime.inventory.InstanceRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is written down of instances: for the next daemon, and then for whoever watches. Nobody is
 * told what is not stored.
 */
final class Ledger {

  private final InstanceRecords records;
  private final Changes changes;
  private final Cgroups cgroups;

  Ledger(InstanceRecords records, Changes changes, Cgroups cgroups) {
    this.records = records;
    this.changes = changes;
    this.cgroups = cgroups;
  }

  /** What watchers are told of earlier lives of this daemon. */
  void diedSoFar(long times) {
    changes.diedSoFar(times);
  }

  /** The first record of an instance; whatever was left of one of its name goes. */
  void begin(Supervised instance) throws IOException {
    records.delete(instance.container());
    record(instance);
  }

  void record(Supervised instance) throws IOException {
    store(instance, instance.life());
    publish(instance);
  }

  /** Stores what an instance is about to become. */
  void store(Supervised instance, Life life) throws IOException {
    records.write(
        instance.container(),
        new InstanceRecords.Stored(
            instance.spec(),
            instance.view(life),
            instance.place(),
            life.process().filter(process -> process.pid() > 0)));
  }

  /** Tells whoever watches. */
  void publish(Supervised instance) {
    changes.publish(instance.container(), instance.view());
  }

  void forget(Supervised instance) throws IOException {
    records.delete(instance.container());
  }

  /** Tells whoever watches that an instance is gone. */
  void publishRemoval(Supervised instance) {
    changes.remove(instance.container(), instance.spec().getId());
  }

  /** The complete inventory with what each instance uses now; an empty name means every app. */
  List<Instance> list(String app) throws IOException {
    List<Instance> all = new ArrayList<>();
    for (Instance view : changes.all()) {
      if (app.isEmpty() || view.getId().getApp().equals(app)) {
        Usage usage = cgroups.usage(InstanceIds.name(view.getId()).toString());
        all.add(
            view.toBuilder()
                .setMemoryBytes(usage.memoryBytes())
                .setCpuNanos(usage.cpuNanos())
                .build());
      }
    }
    return all;
  }

  Runnable watch(Consumer<InstanceEvent> watcher) {
    return changes.watch(watcher);
  }
}
