package dev.paas.runtime.boot;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.duty.NamedThreads;
import dev.paas.runtime.instance.Supervisor;
import dev.paas.runtime.linux.mount.Mounts;
import dev.paas.runtime.oci.HostDevices;
import dev.paas.runtime.rpc.RuntimeCalls;
import dev.paas.runtime.rpc.RuntimeServer;
import dev.paas.runtime.session.Sessions;
import dev.paas.runtime.solve.Solver;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

  private final ContainerParts parts;
  private final List<AutoCloseable> watching;
  private final RuntimeServer server;
  private final GarbageCollector collector;
  private final Lives lives;

  private Daemon(
      ContainerParts parts,
      List<AutoCloseable> watching,
      RuntimeServer server,
      GarbageCollector collector,
      Lives lives) {
    this.parts = parts;
    this.watching = watching;
    this.server = server;
    this.collector = collector;
    this.lives = lives;
  }

  static Daemon start(PlatformSettings settings) throws IOException {
    DaemonWiring wiring = new DaemonWiring(settings);
    ContainerParts parts = wiring.parts();
    HostDevices.giveBack();
    Stores stores = wiring.stores();
    Supervisor instances = wiring.supervisor();
    Lives lives = Lives.in(stores.data());
    instances.diedSoFar(lives.begin());
    // Before the instances: with these, what nobody holds begins to be swept.
    Sessions sessions = wiring.sessions(instances);
    sessions.adopt();
    instances.adopt();
    Solver solver = wiring.solver();
    GarbageCollector collector =
        new GarbageCollector(
            parts.duties(), stores.images(), () -> inUse(instances, sessions), solver);
    List<RuntimeCalls.Group> calls = wiring.calls(instances, sessions, solver, collector);
    collector.begin();
    RuntimeServer server = listen(settings, RuntimeCalls.of(jobs(), calls));
    LOG.atInfo()
        .addKeyValue("platform", settings.platform().id())
        .addKeyValue("runtime", parts.tools().runtime().version())
        .addKeyValue("cgroup", parts.tools().cgroups().mode())
        .log("listening");
    return new Daemon(parts, List.of(sessions, instances, stores.logs()), server, collector, lives);
  }

  private static Set<String> inUse(Supervisor instances, Sessions sessions) {
    Set<String> all = new HashSet<>(instances.imagesInUse());
    all.addAll(sessions.imagesInUse());
    return all;
  }

  private static ExecutorService jobs() {
    return new ThreadPoolExecutor(
        0,
        MAX_JOBS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        new NamedThreads("job"));
  }

  private static RuntimeServer listen(PlatformSettings settings, ServerServiceDefinition calls)
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
            new NamedThreads("rpc"));
    workers.allowCoreThreadTimeOut(true);
    return RuntimeServer.start(
        socket, control.gid(), Set.copyOf(List.of(0, control.uid())), calls, workers);
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
    collector.close();
    for (AutoCloseable each : watching) {
      try {
        each.close();
      } catch (Exception failed) { // the others are closed all the same
        LOG.atWarn().setCause(failed).log("not closed");
      }
    }
    parts.close();
  }
}
