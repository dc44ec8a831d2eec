package dev.paas.runtime.solve;

import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.sandbox.OutputSink;
import dev.paas.runtime.sandbox.SandboxMounts;
import dev.paas.runtime.sandbox.SandboxRunner;
import dev.paas.runtime.sandbox.SandboxSpec;
import dev.paas.runtime.solve.step.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a command in a fresh writable copy of a root filesystem, isolated like an instance, and
 * turns what it wrote into a layer directory.
 */
public final class ExecStep {

  private final SandboxRunner runner;
  private final WritableCopies copies;
  private final CacheFolders caches;
  private final Admissions admissions;
  private final PlatformSettings.Build limits;
  private final ExecEnds ends;

  public ExecStep(
      SandboxRunner runner,
      WritableCopies copies,
      CacheFolders caches,
      Admissions admissions,
      PlatformSettings.Build limits) {
    this.runner = runner;
    this.copies = copies;
    this.caches = caches;
    this.admissions = admissions;
    this.limits = limits;
    this.ends = new ExecEnds(limits);
  }

  /**
   * Runs a step.
   *
   * @param inputs its files, and those that it binds
   * @param view the merged input
   * @param target an empty directory that becomes the new layer
   */
  void run(AppName app, ExecOp op, Inputs inputs, Directory view, Path target, OutputSink sink)
      throws IOException, InterruptedException {
    List<String> targets =
        Stream.concat(
                op.getCachesList().stream().map(CacheMount::getTarget),
                op.getMountsList().stream().map(ExecMount::getTarget))
            .filter(mounted -> !mounted.isEmpty())
            .toList();
    try (CacheFolders.Use cached = caches.use(app, op);
        Admissions.Admission start = admissions.start(app);
        WritableCopies.Copy copy = copies.open(app, inputs.layers());
        BoundViews bound = new BoundViews()) {
      try (RootFilesystem root = copy.mount()) {
        for (int i = 0; i < op.getMountsCount(); i++) {
          ExecMount mount = op.getMounts(i);
          if (mount.hasBind()) {
            bound.add(copies.open(app, inputs.bound().get(i)), mount);
          }
        }
        SandboxMounts mounts =
            new SandboxMounts(
                cached.folders(view), bound.views(), memory(op), inputs.secrets().files(op));
        SandboxSpec spec = spec(copy.name(), root, op, inputs.secrets().environment(op), mounts);
        SandboxRunner.TimeLimit time = new SandboxRunner.TimeLimit(limits.timeout(), ends.late(op));
        // A removal of the app finds the process once it has begun.
        ends.check(op, runner.run(spec, time, sink, start::close));
      }
      copy.becomes(target, view, targets);
    }
  }

  /**
   * The folders of layers, lowest first.
   *
   * @param layers of the root filesystem
   * @param bound by the place of the mount among the step's; empty for one that binds nothing
   * @param secrets that its mounts may show
   */
  record Inputs(List<Path> layers, List<List<Path>> bound, Secrets secrets) {}

  private static List<Bundle.Memory> memory(ExecOp op) {
    return op.getMountsList().stream()
        .filter(ExecMount::hasTmpfs)
        .map(mount -> new Bundle.Memory(mount.getTarget(), mount.getTmpfs().getBytes()))
        .toList();
  }

  private SandboxSpec spec(
      String name, RootFilesystem root, ExecOp op, List<String> env, SandboxMounts mounts) {
    return new SandboxSpec(
        name,
        root,
        op.getArgvList(),
        env,
        op.getWorkingDir().isEmpty() ? "/" : op.getWorkingDir(),
        op.getUser(),
        Limits.newBuilder()
            .setMemoryBytes(limits.memory().bytes())
            .setCpuMillis(limits.cpuMillis())
            .setPids(limits.pids())
            .build(),
        !op.getWithoutNetwork(),
        mounts,
        true,
        "build");
  }
}
