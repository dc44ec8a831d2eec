package dev.paas.runtime.boot;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.disk.DurableFile;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.GetInfoResponse;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.HostParts;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.disk.DiskAccounts;
import dev.paas.runtime.doctor.ContainerProbe;
import dev.paas.runtime.doctor.Doctor;
import dev.paas.runtime.doctor.LiveProbes;
import dev.paas.runtime.doctor.OrphanProbe;
import dev.paas.runtime.image.ImageCalls;
import dev.paas.runtime.image.ImageDigest;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.instance.Supervisor;
import dev.paas.runtime.instance.SupervisorWiring;
import dev.paas.runtime.inventory.Inventory;
import dev.paas.runtime.inventory.InventoryWiring;
import dev.paas.runtime.inventory.Orphans;
import dev.paas.runtime.linux.mount.Mounts;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.rpc.RuntimeCalls;
import dev.paas.runtime.rpc.RuntimeServer;
import dev.paas.runtime.sandbox.OneOffs;
import dev.paas.runtime.sandbox.Sandbox;
import dev.paas.runtime.sandbox.SandboxRunner;
import dev.paas.runtime.sandbox.SandboxWiring;
import dev.paas.runtime.solve.CacheFolders;
import dev.paas.runtime.solve.ExecStep;
import dev.paas.runtime.solve.SolveCalls;
import dev.paas.runtime.solve.Solver;
import dev.paas.runtime.solve.WritableCopies;
import dev.paas.runtime.tree.TreeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running daemon. Order of the start: the host's tools, the stores, the inventory of what an
 * earlier daemon left, and the socket last, so that the first call sees everything.
 */
final class Daemon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private static final int RPC_THREADS = 8;

  /** Builds, pulls, one-off processes and streams of logs at once. */
  private static final int MAX_JOBS = 256;

  private static final long IDLE_SECONDS = 30;
  private static final long COLLECT_MINUTES = 15;

  private final ContainerParts parts;
  private final Supervisor instances;
  private final Logs logs;
  private final RuntimeServer server;
  private final ScheduledExecutorService collector;
  private final Lives lives;

  private Daemon(
      ContainerParts parts,
      Supervisor instances,
      Logs logs,
      RuntimeServer server,
      ScheduledExecutorService collector,
      Lives lives) {
    this.parts = parts;
    this.instances = instances;
    this.logs = logs;
    this.server = server;
    this.collector = collector;
    this.lives = lives;
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  static Daemon start(PlatformSettings settings) throws IOException {
    Clock clock = Clock.systemUTC();
    Path data = settings.platform().data().resolve("runtime");
    ContainerParts parts = ContainerParts.open(settings);
    HostParts tools = parts.tools();
    Orphans.endSandboxes(tools.cgroups());
    UidRanges ids =
        new UidRanges(
            new DurableFile(data.resolve("uid-ranges")),
            settings.runtime().uidBase(),
            settings.runtime().uidRanges());
    ImageStore images =
        new ImageStore(
            data,
            new TreeStore.Limits(
                settings.build().maxSource().bytes(), settings.build().maxSourceFiles()),
            room(settings.build()),
            clock);
    Logs logs =
        new Logs(
            data, tools.folders().bundles(), parts.duties(), settings.runtime().logKept().bytes());
    // Before anything runs: a host whose certificates can't be read gets no half of a daemon.
    Sandbox sandbox = SandboxWiring.sandbox(parts, settings, clock);
    Inventory inventory = InventoryWiring.inventory(parts, settings);
    Admissions admissions = new Admissions();
    Supervisor instances =
        new SupervisorWiring(parts, settings, ids, images::find, logs, clock)
            .supervisor(inventory, admissions);
    Lives lives = Lives.in(data);
    instances.diedSoFar(lives.begin());
    instances.adopt();
    CacheFolders caches = new CacheFolders(data, settings.build());
    ExecStep exec =
        new ExecStep(
            new SandboxRunner(
                sandbox::start, new DiskSpace(data, settings.platform().diskReserve())),
            new WritableCopies(tools.roots(), parts.claims(), ids, data),
            caches,
            admissions,
            settings.build());
    Solver solver = new Solver(data, images, exec, settings.build(), clock, Ticker.system());
    ExecutorService jobs =
        new ThreadPoolExecutor(
            0, MAX_JOBS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads("job"));
    ScheduledExecutorService collector = new ScheduledThreadPoolExecutor(1, threads("collector"));
    Runnable collection =
        parts.duties().standing("garbage", () -> collect(images, instances, solver));
    OneOffs oneOffs =
        new OneOffs(parts.host(), parts.limits(), admissions, sandbox, ids, images::find);
    Runnable collect = () -> collector.execute(collection);
    RuntimeCalls calls =
        new RuntimeCalls(
            info(settings, tools),
            doctor(settings, parts, new OrphanProbe(inventory, instances, images), sandbox),
            new ImageCalls(
                images,
                settings.build().privateRegistries(),
                settings.planning().fetchesAtOnce(),
                collect),
            new SolveCalls(solver),
            instances,
            oneOffs,
            logs,
            app -> {
              // From here on nothing of the app begins, and what had begun is found below.
              Admissions.Admission alone = admissions.removal(app);
              try {
                instances.stopAll(app, settings.deploy().stopGrace()).get();
                oneOffs.stop(app);
                if (ids.find(app).isPresent()) {
                  sandbox.endAll(ids.find(app).get());
                }
                remove(app, images, caches, logs, ids);
              } finally {
                alone.close();
              }
              collection.run();
            },
            new DiskAccounts(images, solver, caches, instances, oneOffs, collect),
            jobs);
    collector.scheduleWithFixedDelay(
        collection, COLLECT_MINUTES, COLLECT_MINUTES, TimeUnit.MINUTES);
    RuntimeServer server = listen(settings, calls);
    LOG.atInfo()
        .addKeyValue("platform", settings.platform().id())
        .addKeyValue("runtime", tools.runtime().version())
        .addKeyValue("cgroup", tools.cgroups().mode())
        .log("listening");
    return new Daemon(parts, instances, logs, server, collector, lives);
  }

  private static RuntimeServer listen(PlatformSettings settings, RuntimeCalls calls)
      throws IOException {
    HostUser control = HostUser.of(settings.platform().controlUser());
    Path socket = settings.platform().runtimeSocket();
    Path folder = Files.createDirectories(socket.resolveSibling("").normalize());
    Mounts.own(folder, 0, control.gid());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            RPC_THREADS,
            RPC_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads("rpc"));
    workers.allowCoreThreadTimeOut(true);
    return RuntimeServer.start(
        socket, control.gid(), Set.copyOf(List.of(0, control.uid())), calls, workers);
  }

  private static Doctor doctor(
      PlatformSettings settings, ContainerParts parts, OrphanProbe orphans, Sandbox sandbox)
      throws IOException {
    HostParts tools = parts.tools();
    UidRange first = new UidRange(settings.runtime().uidBase());
    return new Doctor(
        settings,
        parts.host(),
        tools.cgroups(),
        tools.network().firewall(),
        parts.duties(),
        new LiveProbes(new ContainerProbe(parts.host(), tools.runtime(), sandbox, first), orphans));
  }

  private static NameRoom room(PlatformSettings.Build build) {
    return new NameRoom(
        new NameRoom.Limits(
            build.maxFiles(),
            build.maxNameBytes().bytes(),
            build.maxDirectory(),
            build.maxAttributes().bytes()));
  }

  private static GetInfoResponse info(PlatformSettings settings, HostParts tools) {
    return GetInfoResponse.newBuilder()
        .setVersion(
            Optional.ofNullable(Daemon.class.getPackage().getImplementationVersion())
                .orElse("0.1.0"))
        .setPlatform(settings.platform().id())
        .setOciRuntime(tools.runtime().version())
        .setCgroupMode(tools.cgroups().mode())
        .setUserNamespaces(true)
        .build();
  }

  private static void remove(
      AppName app, ImageStore images, CacheFolders caches, Logs logs, UidRanges ids)
      throws IOException {
    images.untagRepository("apps/" + app);
    caches.remove(app);
    logs.removeApp(app);
    // Last: from here on another app may get the ids.
    ids.release(app);
    LOG.atInfo().addKeyValue("app", app).log("app removed");
  }

  private static void collect(ImageStore images, Supervisor instances, Solver solver)
      throws IOException {
    images.collectGarbage(
        () -> instances.imagesInUse().stream().map(ImageDigest::parse).collect(Collectors.toSet()),
        () -> {
          try {
            return solver.cachedLayers();
          } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
          }
        });
  }

  private static ThreadFactory threads(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  void await() throws InterruptedException {
    server.await();
  }

  @Override
  public void close() {
    LOG.atInfo().log("stopping, instances run on");
    try {
      lives.end();
    } catch (IOException failed) {
      LOG.atWarn().setCause(failed).log("this stop will be taken for a death");
    }
    server.close();
    collector.shutdownNow();
    try {
      instances.close();
      logs.close();
    } catch (IOException failed) {
      LOG.atWarn().setCause(failed).log("not closed");
    }
    parts.close();
  }
}
