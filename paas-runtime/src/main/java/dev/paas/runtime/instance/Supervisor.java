package dev.paas.runtime.instance;

import dev.paas.base.name.AppName;
import dev.paas.base.settings.InstanceSettings;
import dev.paas.base.time.Backoff;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.ProcessIdentity;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The instances of this host: starts and stops them, sees them end, starts them again, and finds
 * them after its own restart. What becomes of each is decided by its {@link Life}.
 */
public final class Supervisor implements AutoCloseable {

  private static final Duration FILTER_CHECK = Duration.ofSeconds(2);

  /** All specs together, in bytes. */
  private static final long MAX_SPECS = 32 << 20;

  private final Launchpad pad;
  private final InstanceRecords records;
  private final Clock clock;
  private final Workers workers;
  private final Changes changes = new Changes();
  private final Ledger ledger;
  private final Roster roster;
  private final Orphans orphans;
  private final LifeCycle cycle;
  private final Starts starts;
  private final ExitWatcher exits;

  /**
   * @param images finds an image by its digest
   */
  public Supervisor(
      Launchpad pad, UidRanges ids, Function<String, StoredImage> images, Logs logs, Clock clock)
      throws IOException {
    InstanceSettings settings = pad.settings().runtime();
    this.pad = pad;
    this.clock = clock;
    this.records = new InstanceRecords(pad.run());
    this.workers = new Workers(pad.duties());
    this.ledger = new Ledger(records, changes, pad.cgroups());
    this.orphans = new Orphans(pad, records);
    this.exits = new ExitWatcher(pad.exits(), pad.duties());
    Launcher launcher = new Launcher(pad, images);
    this.roster =
        new Roster(
            pad.claims(),
            pad.links(),
            new SpecMemory(MAX_SPECS),
            launcher::memoryLimit,
            new Backoff(settings.restartBackoffMin(), settings.restartBackoffMax()));
    InstanceNotes notes = new InstanceNotes(logs, clock);
    Ends ends = new Ends(launcher, pad.cgroups(), pad.disk(), pad.instanceDisk(), clock);
    Launch launch = new Launch(launcher, ids, logs, notes, ledger, clock);
    Surroundings surroundings = new Surroundings(pad.links(), pad.cgroups());
    this.cycle =
        new LifeCycle(
            workers,
            new Effects(launcher, pad.cgroups(), images, roster, ledger, notes),
            new LaunchQueue(workers, launch, ends, ledger),
            new ProcessCheck(workers, ends, surroundings, settings.settle(), clock),
            ends,
            notes);
    this.starts = new Starts(pad.admissions(), images, roster, cycle);
  }

  /** Takes over what an earlier daemon left, and begins to look after it; see {@link Adoption}. */
  public void adopt() throws IOException {
    FilterKeeper filter =
        new FilterKeeper(
            pad.firewall(), pad.links(), pad.range(), pad.settings().router().http().port());
    new Adoption(records, roster, ledger, orphans, filter, cycle).run(clock, stopGrace());
    workers.repeat("packet-filter", FILTER_CHECK, filter::keep);
    workers.repeat("sweep", pad.settings().runtime().sweepInterval(), orphans::sweep);
    exits.begin(container -> roster.find(container).ifPresent(cycle::exitTold));
  }

  private Duration stopGrace() {
    return pad.settings().deploy().stopGrace();
  }

  /** How often this daemon has ended without having been told to. */
  public void diedSoFar(long times) {
    changes.diedSoFar(times);
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
    Optional<Supervised> instance = roster.find(InstanceIds.name(id).toString());
    return instance
        .map(found -> stop(found, grace))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  private CompletableFuture<Void> stop(Supervised instance, Duration grace) {
    cycle.tell(instance, new Observation.StopAsked(grace));
    return instance.gone().copy();
  }

  /** Stops all instances of an app within the usual grace; done when nothing of them is left. */
  public CompletableFuture<Void> stopAll(AppName app) {
    return CompletableFuture.allOf(
        roster.of(app).stream()
            .map(instance -> stop(instance, stopGrace()))
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

  /** What an app's instances have on the disk, as last measured. */
  public long diskBytes(AppName app) {
    return roster.of(app).stream()
        .mapToLong(instance -> pad.disk().bytes(instance.container()))
        .sum();
  }

  /** The digests of the images that instances need. */
  public Set<String> imagesInUse() {
    return roster.images();
  }

  /** What is on this host and belongs to no instance. */
  public Orphans orphans() {
    return orphans;
  }

  /** Instances that run although their monitor was killed: what they print is lost. */
  public Set<String> unwatched() throws IOException {
    Set<String> watched = orphans.monitored();
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
    return workers.waitingSteps();
  }

  /** Lets go of the instances; they run on. */
  @Override
  public void close() throws IOException {
    workers.close();
    exits.close();
  }
}
