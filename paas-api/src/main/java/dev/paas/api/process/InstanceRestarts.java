package dev.paas.api.process;

import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.Formations;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.rollout.InstanceExecutor;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.Inventory;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Starts single instances again: one that serves is stopped, and the rollout, which wants it,
 * starts it. Requests go to the others meanwhile.
 *
 * <ol>
 *   <li>commit a row with the instance and the process that it has now: from here on the restart is
 *       promised, and a crash is followed by the next step at start
 *   <li>stop the instance as long as it has that process; what fails is tried again
 *   <li>delete the row once it has another process or is gone
 * </ol>
 *
 * <p>A crash after the stop finds another process, or none, and stops nothing twice.
 */
@ApplicationScoped
public class InstanceRestarts implements Duties {

  /** How soon it is looked again what runs, when nobody knows it. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Instances at once; a step waits for nothing but the database. */
  private static final int AT_ONCE = 2;

  private final Store store;
  private final Formations formations;
  private final Inventory inventory;
  private final InstanceExecutor executor;
  private final Reconciler<InstanceName> queue =
      new Reconciler<>("instance-restart", AT_ONCE, this::step);

  InstanceRestarts(
      Store store, Formations formations, Inventory inventory, InstanceExecutor executor) {
    this.store = store;
    this.formations = formations;
    this.inventory = inventory;
    this.executor = executor;
  }

  /** Goes on with what a crash has left, once everything that stops instances has started. */
  void onStart(@Observes @Priority(2000) StartupEvent started) {
    store
        .read(() -> InstanceRestartRow.<InstanceRestartRow>listAll())
        .forEach(row -> InstanceName.parse(row.instance).ifPresent(queue::enqueue));
  }

  @Override
  public List<Trouble> troubles() {
    return queue.troubles();
  }

  @PreDestroy
  void stop() {
    queue.close();
  }

  /**
   * Promises in the surrounding commit that the process that an instance has now ends, and that
   * another one starts in its place.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.not-found}, {@code
   *     runtime.unavailable} where nobody knows what runs
   */
  InstanceResource.Restarted restart(AppName app, String process, int slot) {
    InstanceName name = serving(app, process, slot);
    Instance there = known(name).get(name);
    if (there != null) {
      InstanceRestartRow.delete("app = ?1 and instance = ?2", app.value(), name.toString());
      InstanceRestartRow row = new InstanceRestartRow();
      row.app = app.value();
      row.instance = name.toString();
      row.process = process(there);
      row.persist();
      store.afterCommit(() -> queue.enqueue(name));
    }
    return new InstanceResource.Restarted(name.label(), "v" + name.release());
  }

  private InstanceName serving(AppName app, String process, int slot) {
    Set<InstanceName> serving =
        formations
            .of(app)
            .target()
            .<Set<InstanceName>>map(DesiredInstances::instances)
            .orElseGet(TreeSet::new);
    return serving.stream()
        .filter(each -> each.process().value().equals(process) && each.slot() == slot)
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.NOT_FOUND,
                        "instance.not-found",
                        "The app has no such instance",
                        process + "." + slot,
                        "See paas ps.")
                    .asException());
  }

  private SortedMap<InstanceName, Instance> known(InstanceName name) {
    return inventory
        .of(name.app())
        .orElseThrow(() -> RuntimeClient.away(name.label()).asException());
  }

  private Requeue step(InstanceName name) {
    Optional<String> asked = asked(name);
    if (asked.isEmpty()) {
      return Requeue.done();
    }
    Optional<SortedMap<InstanceName, Instance>> known = inventory.of(name.app());
    if (known.isEmpty()) {
      return Requeue.after(LOOK);
    }
    Instance there = known.get().get(name);
    if (there != null && process(there).equals(asked.get())) {
      executor.stop(name);
      return Requeue.backoff();
    }
    // Not a promise that was made meanwhile, about the process that has come.
    store.write(
        () ->
            InstanceRestartRow.delete(
                "app = ?1 and instance = ?2 and process = ?3",
                name.app().value(),
                name.toString(),
                asked.get()));
    return Requeue.done();
  }

  private Optional<String> asked(InstanceName name) {
    return store.read(
        () ->
            InstanceRestartRow.<InstanceRestartRow>find(
                    "app = ?1 and instance = ?2", name.app().value(), name.toString())
                .firstResultOptional()
                .map(row -> row.process));
  }

  /** Tells processes of one instance apart whatever the clock does: no two have both. */
  private static String process(Instance instance) {
    return instance.pid() + "@" + instance.startedAt().map(Instant::toString).orElse("");
  }
}
