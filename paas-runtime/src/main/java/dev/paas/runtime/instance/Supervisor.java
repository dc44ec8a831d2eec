package dev.paas.runtime.instance;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.container.DiskWatch;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.Observation;
import dev.paas.runtime.linux.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The instances of this host: starts and stops them, sees them end, starts them again, and finds
 * them after its own restart. What becomes of each is decided by its {@link Life}.
 */
public final class Supervisor implements AutoCloseable {

  private final Starts starts;
  private final LifeCycle cycle;
  private final Roster roster;
  private final Ledger ledger;
  private final Upkeep upkeep;
  private final DiskWatch disk;

  Supervisor(
      Starts starts, LifeCycle cycle, Roster roster, Ledger ledger, Upkeep upkeep, DiskWatch disk) {
    this.starts = starts;
    this.cycle = cycle;
    this.roster = roster;
    this.ledger = ledger;
    this.upkeep = upkeep;
    this.disk = disk;
  }

  /** Takes over what an earlier daemon left, and begins to look after it. */
  public void adopt() throws IOException {
    upkeep.begin();
  }

  /** How often this daemon has ended without having been told to. */
  public void diedSoFar(long times) {
    ledger.diedSoFar(times);
  }

  /**
   * Starts an instance; one that is there already is answered as it is. Returns when it is
   * recorded; nobody waits here for a launch.
   *
   * @return done when its program has begun, or could not: {@code instance.unknown-user}, {@code
   *     instance.no-command}, {@code instance.start-failed}, …
   * @throws dev.paas.base.problem.PaasException {@code instance.bad-spec}, {@code instance.bad-id},
   *     {@code image.not-found}, …
   */
  public CompletableFuture<Instance> start(InstanceSpec spec) {
    return starts.start(spec);
  }

  /**
   * Asks an instance to end, kills it after the grace period, and removes it. An unknown one is a
   * success.
   *
   * @return done when nothing of it is left
   */
  public CompletableFuture<Void> stop(InstanceId id, Duration grace) {
    return roster
        .find(InstanceIds.name(id).toString())
        .map(found -> stop(found, grace))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  private CompletableFuture<Void> stop(Supervised instance, Duration grace) {
    cycle.tell(instance, new Observation.StopAsked(grace));
    return instance.gone().copy();
  }

  /** Stops all instances of an app, see {@link #stop}; done when nothing of them is left. */
  public CompletableFuture<Void> stopAll(AppName app, Duration grace) {
    return CompletableFuture.allOf(
        roster.of(app).stream()
            .map(instance -> stop(instance, grace))
            .toArray(CompletableFuture[]::new));
  }

  /** The complete inventory with what each instance uses now; an empty name means every app. */
  public List<Instance> list(String app) throws IOException {
    return ledger.list(app);
  }

  /**
   * Tells a watcher the inventory, then each change; the answer ends it. A watcher must not block.
   */
  public Runnable watch(Consumer<InstanceEvent> watcher) {
    return ledger.watch(watcher);
  }

  /** The spec of an instance, if its program runs now. */
  public Optional<InstanceSpec> running(InstanceName name) {
    return roster
        .find(name.toString())
        .filter(found -> found.life().process().filter(ProcessIdentity::isAlive).isPresent())
        .map(Supervised::spec);
  }

  /** The first process of an instance, if it runs now. */
  public Optional<ProcessIdentity> process(InstanceName name) {
    return roster
        .find(name.toString())
        .flatMap(found -> found.life().process())
        .filter(ProcessIdentity::isAlive);
  }

  /** What an app's instances have on the disk, as last measured. */
  public long diskBytes(AppName app) {
    return roster.of(app).stream().mapToLong(instance -> disk.bytes(instance.container())).sum();
  }

  /** The digests of the images that instances need. */
  public Set<String> imagesInUse() {
    return roster.images();
  }

  /**
   * The instances that run although nobody watches them.
   *
   * @param watched the containers whose monitor is there, asked before
   */
  public Set<String> unwatched(Set<String> watched) {
    Set<String> unwatched = new TreeSet<>();
    for (Supervised instance : roster.all()) {
      boolean runs = instance.life().process().filter(ProcessIdentity::isAlive).isPresent();
      if (runs && !watched.contains(instance.container())) {
        unwatched.add(instance.container());
      }
    }
    return unwatched;
  }

  /** Checks and steps that wait for their time or a thread. */
  int waitingSteps() {
    return upkeep.waitingSteps();
  }

  /** Lets go of the instances; they run on. */
  @Override
  public void close() throws IOException {
    upkeep.close();
  }
}
