package dev.paas.runtime.solve;

import com.google.protobuf.ByteString;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.DiskUsage;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.sandbox.OutputSink;
import dev.paas.runtime.sandbox.SandboxProcess;
import dev.paas.runtime.sandbox.SandboxSpec;
import dev.paas.runtime.solve.copy.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command in a fresh writable copy of a root filesystem, isolated like an instance, and
 * turns what it wrote into a layer directory.
 */
public final class ExecStep implements AutoCloseable {

  /** A message of the contract carries at most this much output, in bytes. */
  private static final int CHUNK = 1 << 14;

  /** Output of one step that is passed on, in bytes; what follows is read and dropped. */
  private static final long MAX_OUTPUT = 16L << 20;

  /** How often a step's disk is looked at: what it writes meanwhile must fit into the reserve. */
  private static final long DISK_LOOK_MILLIS = 200;

  /** Starts a process: {@code Sandbox::start}. */
  @FunctionalInterface
  public interface Launcher {
    SandboxProcess start(SandboxSpec spec) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ExecStep.class);

  private final Launcher launcher;
  private final RootFilesystems roots;
  private final Claims claims;
  private final Admissions admissions;
  private final UidRanges ranges;
  private final Path temporary;
  private final Path mounts;
  private final PlatformSettings.Build limits;
  private final DiskSpace disk;
  private final ExecEnds ends;
  private final AtomicLong counter = new AtomicLong();
  private final CacheFolders folders;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "build-limits");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param data the folder {@code <data>/runtime}
   * @param disk of that folder
   */
  public ExecStep(
      Launcher launcher,
      RootFilesystems roots,
      Claims claims,
      Admissions admissions,
      UidRanges ranges,
      Path data,
      PlatformSettings.Build limits,
      DiskSpace disk)
      throws IOException {
    this.launcher = launcher;
    this.roots = roots;
    this.claims = claims;
    this.admissions = admissions;
    this.ranges = ranges;
    this.temporary = data.resolve("tmp");
    this.mounts = folder(data.resolve("cache/mounts"));
    this.folders = new CacheFolders(mounts, temporary);
    folder(data.resolve("cache"));
    this.limits = limits;
    this.disk = disk;
    this.ends = new ExecEnds(limits, disk);
  }

  private static Path folder(Path path) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    return path;
  }

  /**
   * Runs a step.
   *
   * @param layers of the input, lowest first
   * @param view the merged input
   * @param target an empty directory that becomes the new layer
   */
  void run(AppName app, ExecOp op, List<Path> layers, Directory view, Path target, OutputSink sink)
      throws IOException, InterruptedException {
    String name = "build-" + app + "-" + counter.incrementAndGet();
    Claims.Claim claim = claims.hold(name);
    boolean caches = op.getCachesCount() > 0;
    if (caches) {
      folders.enter(app);
    }
    try (Admissions.Admission start = admissions.start(app)) {
      run(name, app, op, layers, view, target, sink, start);
    } finally {
      if (caches) {
        folders.leave(app);
      }
      claim.close();
    }
  }

  private void run(
      String name,
      AppName app,
      ExecOp op,
      List<Path> layers,
      Directory view,
      Path target,
      OutputSink sink,
      Admissions.Admission start)
      throws IOException, InterruptedException {
    UidRange ids = ranges.of(app);
    Path writable = folder(temporary.resolve(name));
    try {
      try (RootFilesystem root = roots.mount(name, layers, writable, ids)) {
        execute(name, app, op, root, view, sink, start);
      }
      UpperLayer.normalise(writable.resolve("upper"), ids, view, targets(op));
      try (Directory from = Directory.open(writable);
          Directory to = Directory.open(temporary)) {
        from.rename("upper", to, String.valueOf(target.getFileName()));
      }
    } finally {
      try (Directory folder = Directory.open(temporary)) {
        folder.removeTree(name);
      }
    }
  }

  private static List<String> targets(ExecOp op) {
    return op.getCachesList().stream().map(CacheMount::getTarget).toList();
  }

  private void execute(
      String name,
      AppName app,
      ExecOp op,
      RootFilesystem root,
      Directory view,
      OutputSink sink,
      Admissions.Admission start)
      throws IOException, InterruptedException {
    SandboxSpec spec =
        new SandboxSpec(
            name,
            root,
            op.getArgvList(),
            op.getEnvList(),
            op.getWorkingDir().isEmpty() ? "/" : op.getWorkingDir(),
            op.getUser(),
            Limits.newBuilder()
                .setMemoryBytes(limits.memory().bytes())
                .setCpuMillis(limits.cpuMillis())
                .setPids(limits.pids())
                .build(),
            true,
            caches(app, op, view),
            true,
            "build");
    try (SandboxProcess process = launcher.start(spec)) {
      start.close(); // a removal of the app finds it now
      process.stdin().close();
      Thread out = reader(name, process.stdout(), sink, false);
      Thread err = reader(name, process.stderr(), sink, true);
      AtomicReference<@Nullable Problem> ended = new AtomicReference<>();
      ScheduledFuture<?> timeout =
          watch.schedule(
              () -> end(process, ended, ends.late(op)),
              limits.timeout().toMillis(),
              TimeUnit.MILLISECONDS);
      ScheduledFuture<?> look =
          watch.scheduleWithFixedDelay(
              () -> {
                if (isShort()) {
                  end(process, ended, disk.problem());
                }
              },
              DISK_LOOK_MILLIS,
              DISK_LOOK_MILLIS,
              TimeUnit.MILLISECONDS);
      try {
        Exit exit = process.await();
        out.join();
        err.join();
        ends.check(op, exit, ended.get(), process.excess());
      } catch (InterruptedException cancelled) {
        process.kill();
        throw cancelled;
      } finally {
        timeout.cancel(false);
        look.cancel(false);
      }
    }
  }

  /** A look that fails is taken again: one that threw would be the last of this step. */
  private boolean isShort() {
    try {
      return disk.isShort();
    } catch (RuntimeException | Error failed) {
      LOG.atWarn().setCause(failed).log("free disk not read");
      return false;
    }
  }

  private static void end(
      SandboxProcess process, AtomicReference<@Nullable Problem> ended, Problem why) {
    ended.compareAndSet(null, why);
    process.kill();
  }

  /** Content of a cache belongs to one app: a cache that others fill could poison its builds. */
  private List<SandboxSpec.Shared> caches(AppName app, ExecOp op, Directory view)
      throws IOException {
    List<SandboxSpec.Shared> all = new ArrayList<>();
    Owner owner = op.getUser().isEmpty() ? Owner.ROOT : Owner.parse(op.getUser(), view);
    for (CacheMount mount : op.getCachesList()) {
      Path own = folder(mounts.resolve(app.value()));
      Path place = own.resolve(Sha256.of(mount.getId()).shortHex());
      emptyWhenTooLarge(own, place);
      Files.createDirectories(place);
      try (Directory directory = Directory.open(place)) {
        directory.setOwner(".", owner.uid(), owner.gid());
        directory.setMode(".", 0755);
      }
      all.add(new SandboxSpec.Shared(place, mount.getTarget()));
    }
    return all;
  }

  /** A cache that leaves a step little to write would make it fail for ever: it begins empty. */
  private void emptyWhenTooLarge(Path own, Path place) throws IOException {
    DiskLimits most =
        new DiskLimits(
            limits.disk().bytes() / 2,
            limits.maxFiles() / 2,
            limits.maxNameBytes().bytes() / 2,
            limits.maxDirectory());
    DiskUsage usage = new DiskUsage(most, true);
    usage.add(place);
    if (usage.excess() != DiskLimits.Excess.NONE) {
      try (Directory in = Directory.open(own)) {
        in.removeTree(String.valueOf(place.getFileName()));
      }
    }
  }

  /** Removes everything that builds of an app have left: its caches. */
  public void removeApp(AppName app) throws IOException {
    try (Directory all = Directory.open(mounts)) {
      all.removeTree(app.value());
    }
  }

  /** What the caches of an app have on the disk. */
  public long cacheBytes(AppName app) throws IOException {
    return folders.bytes(app);
  }

  /** Empties the caches of an app, unless a step of it has them just now. */
  public void dropCaches(AppName app) throws IOException {
    folders.drop(app);
  }

  private static Thread reader(String name, InputStream in, OutputSink sink, boolean stderr) {
    Thread thread =
        new Thread(() -> pump(in, sink, stderr), name + (stderr ? "-stderr" : "-stdout"));
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void pump(InputStream in, OutputSink sink, boolean stderr) {
    byte[] buffer = new byte[CHUNK];
    long left = MAX_OUTPUT;
    try {
      // Read to the end in any case: a full pipe would stop the process.
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (left > 0) {
          left = pass(sink, ByteString.copyFrom(buffer, 0, n), stderr) ? left - n : 0;
          if (left <= 0) {
            pass(sink, ByteString.copyFromUtf8("\n(the rest is left out)\n"), stderr);
          }
        }
      }
    } catch (IOException closed) {
      // The process is gone, and its exit says how.
      return;
    }
  }

  /** False: nobody listens any more; the build itself learns that by being cancelled. */
  private static boolean pass(OutputSink sink, ByteString bytes, boolean stderr) {
    try {
      sink.accept(bytes, stderr);
      return true;
    } catch (CancellationException gone) {
      return false;
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
