package dev.paas.runtime.solve;

import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.sandbox.OutputSink;
import dev.paas.runtime.sandbox.SandboxRunner;
import dev.paas.runtime.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
   * @param layers of the input, lowest first
   * @param view the merged input
   * @param target an empty directory that becomes the new layer
   */
  void run(AppName app, ExecOp op, List<Path> layers, Directory view, Path target, OutputSink sink)
      throws IOException, InterruptedException {
    List<String> targets = op.getCachesList().stream().map(CacheMount::getTarget).toList();
    try (CacheFolders.Use cached = caches.use(app, op);
        Admissions.Admission start = admissions.start(app);
        WritableCopies.Copy copy = copies.open(app, layers)) {
      try (RootFilesystem root = copy.mount()) {
        SandboxSpec spec = spec(copy.name(), root, op, cached.folders(view));
        SandboxRunner.TimeLimit time = new SandboxRunner.TimeLimit(limits.timeout(), ends.late(op));
        // A removal of the app finds the process once it has begun.
        ends.check(op, runner.run(spec, time, sink, start::close));
      }
      copy.becomes(target, view, targets);
    }
  }

  private SandboxSpec spec(
      String name, RootFilesystem root, ExecOp op, List<SandboxSpec.Shared> shared) {
    return new SandboxSpec(
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
        shared,
        true,
        "build");
  }
}
