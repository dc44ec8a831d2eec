package dev.paas.runtime.instance;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Backoff;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.cgroup.Usage;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.DiskLimits;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.network.Link;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of this host: starts and stops them, sees them end, starts them again, and finds
 * them after its own restart. What happens to one instance happens under that instance's lock; what
 * others see of it is published in {@link Changes}.
 */
public final class Instances implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Instances.class);

  /** How often an instance that starts is asked what it listens on. */
  private static final Duration STARTING_CHECK = Duration.ofMillis(20);

  private static final Duration RUNNING_CHECK = Duration.ofSeconds(1);

  /**
   * A running instance is asked what it listens on at every so many checks: the table names all its
   * connections, which is long under load, and only people read the answer.
   */
  private static final int CHECKS_PER_LISTENING = 10;

  /** All specs together, in bytes. */
  private static final long MAX_SPECS = 32 << 20;

  private static final Duration FILTER_CHECK = Duration.ofSeconds(2);

  /** Launches and removals at once: more would only wait for the kernel's locks. */
  private static final int WORKERS = 4;

  private final Launchpad pad;
  private final Launcher launcher;
  private final UidRanges ids;
  private final InstanceRecords records;
  private final Orphans orphans;
  private final Logs logs;
  private final Function<String, StoredImage> images;
  private final Clock clock;
  private final Changes changes = new Changes();
  private final SpecMemory memory = new SpecMemory(MAX_SPECS);
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /** Held while it is decided whether an instance is there or made. */
  private final Object starts = new Object();

  private final ScheduledThreadPoolExecutor work;
  private final WatchService watch;

  /** One instance; its fields are guarded by its lock, except the view. */
  private static final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final InstanceName name;
    private final InstanceSpec spec;
    private final int place;
    private final Claims.Claim claim;
    private volatile Instance view;
    private volatile Optional<ProcessIdentity> process = Optional.empty();
    private int quickEnds;
    private boolean removed;

    Entry(InstanceName name, InstanceSpec spec, int place, Claims.Claim claim, Instance view) {
      this.name = name;
      this.spec = spec;
      this.place = place;
      this.claim = claim;
      this.view = view;
    }

    String container() {
      return name.toString();
    }

    boolean stopping() {
      return view.getState() == Instance.State.STOPPING;
    }
  }

  public Instances(
      Launchpad pad, UidRanges ids, Function<String, StoredImage> images, Logs logs, Clock clock)
      throws IOException {
    this.pad = pad;
    this.ids = ids;
    this.images = images;
    this.logs = logs;
    this.clock = clock;
    this.launcher = new Launcher(pad, images);
    this.records = new InstanceRecords(pad.run());
    this.orphans = new Orphans(pad, records);
    this.watch = pad.exits().getFileSystem().newWatchService();
    pad.exits().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    this.work =
        new ScheduledThreadPoolExecutor(
            WORKERS,
            task -> {
              Thread thread = new Thread(task, "instances");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes over what an earlier daemon left: first the complete inventory, then judgement. Instances
   * that run go on; ones that ended meanwhile are handled as if they ended now; whatever belongs to
   * no instance is removed, now and from time to time. What runs without a record goes on at its
   * address until an instance of its name is started.
   */
  public void adopt() throws IOException {
    List<Runnable> next = new ArrayList<>();
    for (InstanceRecords.Stored stored : records.all()) {
      InstanceName name = InstanceIds.name(stored.spec().getId());
      Claims.Claim claim = pad.claims().hold(name.toString());
      memory.adopt(stored.spec());
      Entry entry = new Entry(name, stored.spec(), stored.place(), claim, stored.view());
      entry.process = stored.process().filter(ProcessIdentity::isAlive);
      pad.links().adopt(stored.place(), name.toString());
      entries.put(entry.container(), entry);
      changes.publish(entry.container(), entry.view);
      boolean began = stored.process().isPresent();
      next.add(() -> resume(entry, began));
    }
    for (String unknown : orphans.running()) {
      LOG.atError().addKeyValue("container", unknown).log("runs without a record, left alone");
      pad.addressOf(unknown).ifPresent(place -> pad.links().adopt(place, unknown));
    }
    List<Link> links = pad.links().reserved().keySet().stream().map(pad.links()::link).toList();
    pad.firewall().install(pad.range(), routerPort(), links);
    pad.links().holdRange();
    pad.links().allowForwarding();
    orphans.sweep();
    next.forEach(Runnable::run);
    LOG.atInfo().addKeyValue("instances", entries.size()).log("inventory complete");
    again("packet-filter", FILTER_CHECK, this::keepFilter);
    again("sweep", pad.settings().runtime().sweepInterval(), orphans::sweep);
    Thread watching = new Thread(this::watchExits, "instance-exits");
    watching.setDaemon(true);
    watching.start();
  }

  private void keepFilter() throws IOException {
    if (pad.firewall().restore()) {
      LOG.atWarn().log("packet filter was changed, rules are in place again");
    }
    if (pad.links().allowForwarding()) {
      LOG.atWarn().log("forwarding of packets was turned off, it is on again");
    }
  }

  /** How often this daemon has ended without having been told to. */
  public void diedSoFar(long times) {
    changes.diedSoFar(times);
  }

  private void again(String duty, Duration interval, Duties.Task task) {
    later(
        interval,
        () -> {
          pad.duties().attempt(duty, task);
          again(duty, interval, task);
        });
  }

  /** Instances that run although their monitor was killed: what they print is lost. */
  public Set<String> unwatched() throws IOException {
    Set<String> watched = orphans.monitored();
    Set<String> unwatched = new TreeSet<>();
    for (Entry entry : entries.values()) {
      boolean runs = entry.process.filter(ProcessIdentity::isAlive).isPresent();
      if (runs && !watched.contains(entry.container())) {
        unwatched.add(entry.container());
      }
    }
    return unwatched;
  }

  /** What is on this host and belongs to no instance. */
  public Orphans orphans() {
    return orphans;
  }

  private int routerPort() {
    return pad.settings().router().http().port();
  }

  /**
   * @param began whether a process of it is known, which may have ended
   */
  private void resume(Entry entry, boolean began) {
    Instance.State state = entry.view.getState();
    if (entry.process.isPresent()) {
      LOG.atInfo().addKeyValue("instance", entry.container()).log("instance adopted");
      if (entry.stopping()) {
        // Since when is not known: what it does to end is cut short by no restart of this daemon.
        soon(entry, () -> beginStop(entry, pad.settings().deploy().stopGrace()));
      } else {
        soon(entry, () -> launcher.begin(entry.container()));
      }
      launcher.watchDisk(entry.container());
      ProcessIdentity process = entry.process.get();
      later(STARTING_CHECK, () -> check(entry, process, readiness(entry), 0));
    } else if (entry.stopping()) {
      soon(entry, () -> remove(entry));
    } else if (state == Instance.State.BACKOFF) {
      long wait = entry.view.getNextStartMillis() - clock.millis();
      Duration rest = Duration.ofMillis(Math.max(0, wait));
      later(rest, () -> soon(entry, () -> relaunch(entry)));
    } else if (state == Instance.State.STARTING && !began) {
      // The daemon was killed before the program's first instruction: this is no end.
      soon(entry, () -> launchOrBackOff(entry));
    } else if (state != Instance.State.EXITED) {
      soon(entry, () -> ended(entry));
    }
  }

  /**
   * Starts an instance; one that is there already is answered as it is.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.bad-spec}, {@code instance.bad-id},
   *     {@code image.not-found}, {@code instance.unknown-user}, {@code instance.no-command}, {@code
   *     instance.start-failed}, …
   */
  public Instance start(InstanceSpec spec) throws IOException {
    InstanceName name = InstanceIds.name(spec.getId());
    Admissions.Admission admitted = pad.admissions().start(name.app());
    try {
      return start(name, spec);
    } finally {
      admitted.close();
    }
  }

  private Instance start(InstanceName name, InstanceSpec spec) throws IOException {
    SpecCheck.check(spec);
    if (!entries.containsKey(name.toString())) {
      SpecCheck.open(name.app(), images.apply(spec.getImage()));
    }
    Entry entry;
    boolean known;
    synchronized (starts) {
      Entry there = entries.get(name.toString());
      known = there != null;
      entry = there == null ? newEntry(name, spec) : there;
      if (!known) {
        entry.lock.lock();
        entries.put(name.toString(), entry);
      }
    }
    return known ? asItIs(entry) : startLocked(entry);
  }

  /** Unlocks it when it has started. */
  private Instance startLocked(Entry entry) throws IOException {
    try {
      records.delete(entry.container());
      record(entry);
      launch(entry);
      return entry.view;
    } catch (IOException | RuntimeException | Error failed) {
      try {
        remove(entry);
      } catch (IOException left) {
        failed.addSuppressed(left);
        entry.view = entry.view.toBuilder().setState(Instance.State.STOPPING).build();
        soon(entry, () -> remove(entry));
      }
      throw failed;
    } finally {
      entry.lock.unlock();
    }
  }

  private Entry newEntry(InstanceName name, InstanceSpec spec) {
    memory.take(spec);
    Claims.Claim claim = pad.claims().hold(name.toString());
    try {
      int place = pad.links().reserve(name.toString());
      return new Entry(name, spec, place, claim, firstView(spec, place));
    } catch (RuntimeException full) {
      claim.close();
      memory.free(spec);
      throw full;
    }
  }

  // The lock makes a second caller wait for the first one's start.
  private static Instance asItIs(Entry entry) {
    entry.lock.lock();
    try {
      return entry.view;
    } finally {
      entry.lock.unlock();
    }
  }

  private Instance firstView(InstanceSpec spec, int place) {
    return Instance.newBuilder()
        .setId(spec.getId())
        .setState(Instance.State.STARTING)
        .setAddress(pad.links().link(place).address().getHostAddress())
        .setPort(spec.getPort())
        .setImage(spec.getImage())
        .setMemoryLimitBytes(launcher.memoryLimit(spec.getLimits()))
        .build();
  }

  private void launch(Entry entry) throws IOException {
    UidRange range = ids.of(entry.name.app());
    Path log = logs.file(entry.name);
    // Also what an end that nobody saw has left: the daemon may have been killed meanwhile.
    endLog(entry);
    try {
      launcher.launch(
          entry.name, entry.spec, range, entry.place, log, process -> created(entry, process));
    } catch (IOException | RuntimeException | Error failed) {
      entry.process = Optional.empty();
      throw failed;
    }
    LOG.atInfo()
        .addKeyValue("app", entry.name.app())
        .addKeyValue("instance", entry.container())
        .addKeyValue("pid", entry.view.getPid())
        .addKeyValue("address", entry.view.getAddress())
        .log("instance started");
    ProcessIdentity process = entry.process.orElseThrow();
    later(STARTING_CHECK, () -> check(entry, process, readiness(entry), 0));
  }

  private void created(Entry entry, ProcessIdentity process) throws IOException {
    entry.process = Optional.of(process);
    entry.view =
        entry.view.toBuilder()
            .setState(Instance.State.STARTING)
            .setPid(process.pid())
            .clearListening()
            .clearUnreachable()
            .setStartedAtMillis(clock.millis())
            .clearNextStartMillis()
            .build();
    record(entry);
  }

  /**
   * Asks a process whether it lives and what it listens on, again and again until it ends; its
   * successor has checks of its own.
   *
   * @param number of checks since it ran
   */
  private void check(Entry entry, ProcessIdentity process, Readiness readiness, int number) {
    try {
      look(entry, process, readiness, number);
    } catch (RuntimeException | Error failed) { // or it would never be looked at again
      LOG.atWarn()
          .addKeyValue("instance", entry.container())
          .setCause(failed)
          .log("instance not checked, will be tried again");
      later(RUNNING_CHECK, () -> check(entry, process, readiness, number));
    }
  }

  private void look(Entry entry, ProcessIdentity process, Readiness readiness, int number) {
    if (!entry.process.equals(Optional.of(process))) {
      return;
    }
    boolean starting = entry.view.getState() == Instance.State.STARTING;
    ListeningSockets seen = starting ? ListeningSockets.of(process.pid()) : ListeningSockets.NONE;
    List<Integer> ports = seen.ports();
    if (!starting) {
      boolean asked = number % CHECKS_PER_LISTENING == 0;
      ports = asked ? ListeningSockets.ports(process.pid()) : entry.view.getListeningList();
    }
    if (!process.isAlive()) {
      // The monitor's word comes with the exit code; without a monitor this is all there will be.
      boolean told = launcher.hasExited(entry.container());
      Duration wait = told ? Duration.ZERO : RUNNING_CHECK;
      later(wait, () -> soon(entry, () -> endedIfStill(entry, process)));
      return;
    }
    if (!starting) {
      checkSurroundings(entry, process);
    }
    boolean ready = starting && isReady(entry, readiness, seen);
    boolean waits = starting && !ready && entry.spec.getPort() > 0;
    String unreachable = waits ? readiness.reason(seen) : "";
    boolean changed =
        ready
            || !ports.equals(entry.view.getListeningList())
            || !unreachable.equals(entry.view.getUnreachable());
    if (changed && entry.lock.tryLock()) {
      try {
        if (entry.process.equals(Optional.of(process)) && !entry.stopping()) {
          Instance.Builder view = entry.view.toBuilder().clearListening().addAllListening(ports);
          view.setUnreachable(unreachable);
          if (ready) {
            view.setState(Instance.State.RUNNING);
          }
          entry.view = view.build();
          record(entry);
        }
      } catch (IOException failed) {
        LOG.atWarn()
            .addKeyValue("instance", entry.container())
            .setCause(failed)
            .log("not recorded");
      } finally {
        entry.lock.unlock();
      }
    }
    later(
        starting ? STARTING_CHECK : RUNNING_CHECK,
        () -> check(entry, process, readiness, starting ? 0 : number + 1));
  }

  private static Readiness readiness(Entry entry) {
    return new Readiness(entry.view.getAddress(), entry.spec.getPort(), Ticker.system());
  }

  private boolean isReady(Entry entry, Readiness readiness, ListeningSockets seen) {
    if (entry.spec.getPort() > 0) {
      return readiness.reached(seen);
    }
    long lived = clock.millis() - entry.view.getStartedAtMillis();
    return lived >= pad.settings().runtime().settle().toMillis();
  }

  /** Mends what somebody took away from a process that runs. */
  private void checkSurroundings(Entry entry, ProcessIdentity process) {
    if (!pad.links().present(entry.place)) {
      soon(entry, () -> relink(entry, process));
    }
    if (!pad.cgroups().exists(entry.container())) {
      soon(entry, () -> endUnlimited(entry, process));
    }
  }

  private void relink(Entry entry, ProcessIdentity process) throws IOException {
    boolean still = entry.process.equals(Optional.of(process)) && process.isAlive();
    if (still && !entry.stopping() && !pad.links().present(entry.place)) {
      LOG.atWarn().addKeyValue("instance", entry.container()).log("link was gone, made again");
      pad.links().attach(entry.place, process.pid());
    }
  }

  /** A process outside its group has no limits: it is replaced by one inside. */
  private void endUnlimited(Entry entry, ProcessIdentity process) throws IOException {
    boolean still = entry.process.equals(Optional.of(process)) && !entry.stopping();
    if (still && !pad.cgroups().exists(entry.container())) {
      LOG.atWarn().addKeyValue("instance", entry.container()).log("group was gone, starts again");
      Signals.send(process, Signals.SIGKILL);
    }
  }

  private void endedIfStill(Entry entry, ProcessIdentity process) throws IOException {
    if (entry.process.equals(Optional.of(process))) {
      ended(entry);
    }
  }

  private void watchExits() {
    try {
      while (true) {
        WatchKey key = watch.take();
        key.pollEvents();
        key.reset();
        // The folder is the truth, an event only says that it changed. A process may end before its
        // start is recorded: the entry's lock makes this wait for that.
        pad.duties().attempt("exits", this::takeExits);
      }
    } catch (InterruptedException | ClosedWatchServiceException closed) {
      LOG.atDebug().log("no longer watching exits");
    }
  }

  private void takeExits() throws IOException {
    try (Stream<Path> all = Files.list(pad.exits())) {
      all.map(path -> entries.get(path.getFileName().toString()))
          .filter(Objects::nonNull)
          .forEach(entry -> soon(entry, () -> endedWithCode(entry)));
    }
  }

  private void endedWithCode(Entry entry) throws IOException {
    if (launcher.exitCode(entry.container()).isPresent()) {
      ended(entry);
    }
  }

  /** Handles the end of an instance's process; called under its lock. */
  private void ended(Entry entry) throws IOException {
    Instance.State state = entry.view.getState();
    boolean handled = state == Instance.State.BACKOFF || state == Instance.State.EXITED;
    if (entry.removed || handled || entry.process.filter(ProcessIdentity::isAlive).isPresent()) {
      return;
    }
    OptionalInt code = launcher.exitCode(entry.container());
    long now = clock.millis();
    Exit exit = code.isPresent() ? exit(entry, code.getAsInt(), now) : Exits.unknown(now);
    long ran = entry.view.getStartedAtMillis() == 0 ? 0 : now - entry.view.getStartedAtMillis();
    entry.process = Optional.empty();
    LOG.atInfo()
        .addKeyValue("app", entry.name.app())
        .addKeyValue("instance", entry.container())
        .addKeyValue("exit", exit.getDetail())
        .log("instance ended");
    endLog(entry);
    if (entry.stopping()) {
      // A step of its own: this one would not come as far again.
      soon(entry, () -> remove(entry));
      return;
    }
    if (exit.getReason() == Exit.Reason.OOM_KILLED) {
      notice(entry, Notices.OOM_KILLED, exit.getDetail() + "; raise runtime.memory or use less");
    }
    entry.view = entry.view.toBuilder().setPid(0).clearListening().setLastExit(exit).build();
    if (entry.spec.getRestart()) {
      backOff(entry, ran);
    } else {
      entry.view = entry.view.toBuilder().setState(Instance.State.EXITED).build();
      settle(entry);
    }
  }

  /** Records an end and frees what the process had; the next start would do both too. */
  private void settle(Entry entry) {
    try {
      record(entry);
      launcher.clear(entry.container(), entry.place);
    } catch (IOException | RuntimeException | Error failed) {
      LOG.atWarn().addKeyValue("instance", entry.container()).setCause(failed).log("not cleared");
    }
  }

  private void endLog(Entry entry) {
    try {
      logs.processEnded(entry.name, clock.instant());
    } catch (IOException | RuntimeException | Error failed) {
      LOG.atWarn().addKeyValue("instance", entry.container()).setCause(failed).log("log not ended");
    }
  }

  private void notice(Entry entry, String code, String what) {
    try {
      Notices.append(logs.path(entry.name), clock, code, entry.name.label() + " " + what);
    } catch (IOException failed) {
      LOG.atWarn().addKeyValue("instance", entry.container()).setCause(failed).log("no notice");
    }
  }

  private Exit exit(Entry entry, int code, long now) throws IOException {
    DiskLimits.Excess excess = pad.disk().excess(entry.container());
    if (excess != DiskLimits.Excess.NONE) {
      return Exits.diskFull(code, excess, pad.instanceDisk(), now);
    }
    Usage usage = pad.cgroups().usage(entry.container());
    return Exits.of(code, usage.oomKills(), entry.view.getMemoryLimitBytes(), now);
  }

  private void backOff(Entry entry, long ranMillis) throws IOException {
    PlatformSettings.Instances settings = pad.settings().runtime();
    Backoff restarts = new Backoff(settings.restartBackoffMin(), settings.restartBackoffMax());
    entry.quickEnds = ranMillis > restarts.longest().toMillis() ? 0 : entry.quickEnds + 1;
    Duration wait = restarts.after(entry.quickEnds);
    entry.view =
        entry.view.toBuilder()
            .setState(Instance.State.BACKOFF)
            .setNextStartMillis(entry.view.getLastExit().getAtMillis() + wait.toMillis())
            .build();
    later(wait, () -> soon(entry, () -> relaunch(entry)));
    settle(entry);
  }

  private void relaunch(Entry entry) throws IOException {
    if (entry.removed || entry.view.getState() != Instance.State.BACKOFF) {
      return;
    }
    entry.view =
        entry.view.toBuilder()
            .setState(Instance.State.STARTING)
            .setRestarts(entry.view.getRestarts() + 1)
            .build();
    launchOrBackOff(entry);
  }

  private void launchOrBackOff(Entry entry) throws IOException {
    try {
      launch(entry);
    } catch (IOException | RuntimeException | Error failed) { // or it would start for ever
      LOG.atWarn()
          .addKeyValue("instance", entry.container())
          .setCause(failed)
          .log("restart failed");
      String why =
          failed instanceof Error ? failed.toString() : String.valueOf(failed.getMessage());
      entry.view =
          entry.view.toBuilder()
              .setPid(0)
              .setLastExit(Exits.startFailed(why, clock.millis()))
              .build();
      backOff(entry, 0);
    }
  }

  /**
   * Asks an instance to end, kills it after the grace period, and removes it. An unknown one is a
   * success.
   *
   * @return done when nothing of it is left
   */
  public CompletableFuture<Void> stop(InstanceId id, Duration grace) {
    Entry entry = entries.get(InstanceIds.name(id).toString());
    if (entry == null) {
      return CompletableFuture.completedFuture(null);
    }
    soon(entry, () -> beginStop(entry, grace));
    return entry.gone.copy();
  }

  private void beginStop(Entry entry, Duration grace) throws IOException {
    if (entry.removed) {
      return;
    }
    Optional<ProcessIdentity> process = entry.process;
    entry.view = entry.view.toBuilder().setState(Instance.State.STOPPING).build();
    recordStop(entry);
    if (process.isEmpty()) {
      remove(entry);
      return;
    }
    // The end of the grace is set first: a signal that can't be sent must not spare the process.
    later(
        grace,
        () ->
            soon(
                entry,
                () -> {
                  if (entry.removed) {
                    return;
                  }
                  if (!grace.isZero() && process.get().isAlive()) {
                    notice(
                        entry,
                        Notices.STOP_TIMEOUT,
                        "did not end within " + grace.toSeconds() + " s and was killed");
                  }
                  pad.cgroups().kill(entry.container());
                }));
    Signals.send(process.get(), stopSignal(entry));
  }

  /** A stop goes on when it can't be recorded: whoever asked for it asks the next daemon again. */
  private void recordStop(Entry entry) {
    try {
      record(entry);
    } catch (IOException failed) {
      LOG.atWarn()
          .addKeyValue("instance", entry.container())
          .setCause(failed)
          .log("stop not recorded, goes on");
    }
  }

  private int stopSignal(Entry entry) {
    try {
      return Signals.stop(images.apply(entry.spec.getImage()).config().getStopSignal());
    } catch (RuntimeException imageGone) {
      return Signals.SIGTERM;
    }
  }

  private void remove(Entry entry) throws IOException {
    if (entry.removed) {
      return;
    }
    launcher.clear(entry.container(), entry.place);
    records.delete(entry.container());
    entry.process = Optional.empty();
    entry.removed = true;
    // Before the entry: who starts an instance of this name next keeps the place that it has then.
    pad.links().release(entry.place);
    entries.remove(entry.container(), entry);
    memory.free(entry.spec);
    endLog(entry);
    trimLogs(entry);
    changes.remove(entry.container(), entry.spec.getId());
    entry.claim.close();
    entry.gone.complete(null);
    LOG.atInfo().addKeyValue("instance", entry.container()).log("instance removed");
  }

  /** The next removal of the app's instances does it, too: nobody waits for it. */
  private void trimLogs(Entry entry) {
    try {
      logs.instanceRemoved(entry.name);
    } catch (IOException | RuntimeException | Error failed) {
      LOG.atWarn().addKeyValue("instance", entry.container()).setCause(failed).log("not trimmed");
    }
  }

  /** The complete inventory with what each instance uses now; an empty name means every app. */
  public List<Instance> list(String app) throws IOException {
    List<Instance> all = new ArrayList<>();
    for (Instance view : changes.all()) {
      if (app.isEmpty() || view.getId().getApp().equals(app)) {
        Usage usage = pad.cgroups().usage(InstanceIds.name(view.getId()).toString());
        all.add(
            view.toBuilder()
                .setMemoryBytes(usage.memoryBytes())
                .setCpuNanos(usage.cpuNanos())
                .build());
      }
    }
    return all;
  }

  /** What an app's instances have on the disk, as last measured. */
  public long diskBytes(AppName app) {
    return entries.values().stream()
        .filter(entry -> entry.name.app().equals(app))
        .mapToLong(entry -> pad.disk().bytes(entry.container()))
        .sum();
  }

  /**
   * Tells a watcher the inventory, then each change; the answer ends it. A watcher must not block.
   */
  public Runnable watch(Consumer<InstanceEvent> watcher) {
    return changes.watch(watcher);
  }

  /** The digests of the images that instances need. */
  public Set<String> imagesInUse() {
    Set<String> digests = new HashSet<>();
    entries.values().forEach(entry -> digests.add(entry.spec.getImage()));
    return digests;
  }

  /** Stops all instances of an app within the usual grace; done when nothing of them is left. */
  public CompletableFuture<Void> stopAll(AppName app) {
    return CompletableFuture.allOf(
        entries.values().stream()
            .filter(entry -> entry.name.app().equals(app))
            .map(entry -> stop(entry.spec.getId(), pad.settings().deploy().stopGrace()))
            .toArray(CompletableFuture[]::new));
  }

  private void record(Entry entry) throws IOException {
    records.write(
        entry.container(),
        new InstanceRecords.Stored(entry.spec, entry.view, entry.place, entry.process));
    changes.publish(entry.container(), entry.view);
  }

  /** A step with an instance, on a worker and under the instance's lock. */
  private interface Step {
    void run() throws IOException;
  }

  private void soon(Entry entry, Step step) {
    later(
        Duration.ZERO,
        () -> {
          entry.lock.lock();
          try {
            step.run();
          } catch (Throwable failed) { // or nobody would look after the instance any more
            LOG.atError()
                .addKeyValue("instance", entry.container())
                .setCause(failed)
                .log("instance's step failed");
            if (!entry.removed) {
              later(RUNNING_CHECK, () -> soon(entry, step));
            }
          } finally {
            entry.lock.unlock();
          }
        });
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void later(Duration wait, Runnable task) {
    try {
      work.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      LOG.atDebug().log("closed, the next start goes on");
    }
  }

  /** Checks, launches and removals that wait for their time or a worker. */
  int waitingSteps() {
    return work.getQueue().size();
  }

  /** Lets go of the instances; they run on. */
  @Override
  public void close() throws IOException {
    work.shutdownNow();
    watch.close();
  }
}
