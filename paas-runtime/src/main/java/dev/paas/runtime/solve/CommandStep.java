package dev.paas.runtime.solve;

import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.sandbox.OutputSink;
import dev.paas.runtime.solve.step.Rootfs;
import dev.paas.runtime.solve.step.StepKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a command.
 *
 * @param layers the folders of the input's layers, lowest first; asked for when it runs
 * @param output gets what it prints
 */
record CommandStep(
    ExecStep exec, ExecOp op, BuildInput input, Supplier<List<Path>> layers, OutputSink output)
    implements BuildStep {

  /** For whom it runs, and on what. */
  record BuildInput(AppName app, String scope, Rootfs rootfs) {}

  @Override
  public Sha256 key() {
    StepKey key =
        new StepKey("exec", input.scope())
            .add(input.rootfs())
            .add(op.getArgvList())
            .add(op.getEnvList())
            .add(op.getWorkingDir())
            .add(op.getUser());
    if (op.getCachesCount() > 0) {
      // What an app has put into its cache takes part in the result: it is for that app alone.
      key.add(input.app().value());
    }
    op.getCachesList().forEach(mount -> key.add(mount.getId()).add(mount.getTarget()));
    return key.finish();
  }

  @Override
  public void run(Directory view, Path stage) throws IOException, InterruptedException {
    exec.run(input.app(), op, layers.get(), view, stage, output);
  }
}
