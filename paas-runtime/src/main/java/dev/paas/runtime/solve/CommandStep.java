package dev.paas.runtime.solve;

import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.sandbox.OutputSink;
import dev.paas.runtime.solve.step.Rootfs;
import dev.paas.runtime.solve.step.Secrets;
import dev.paas.runtime.solve.step.StepKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a command.
 *
 * @param layers the folders of the inputs' layers; asked for when it runs
 * @param output gets what it prints
 */
record CommandStep(
    ExecStep exec, ExecOp op, BuildInput input, Supplier<ExecStep.Inputs> layers, OutputSink output)
    implements BuildStep {

  /**
   * For whom it runs, and on what.
   *
   * @param bound root filesystems by the place of the mount that binds files of them; an empty one
   *     where a mount binds nothing
   * @param secrets what its mounts may show
   */
  record BuildInput(
      AppName app, String scope, Rootfs rootfs, List<Rootfs> bound, Secrets secrets) {}

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
    for (CacheMount mount : op.getCachesList()) {
      key.add(mount.getId()).add(mount.getTarget()).addIfSet("owner", mount.getOwner());
      key.addIfSet("mode", mount.getMode() == 0 ? "" : Integer.toOctalString(mount.getMode()));
    }
    for (int i = 0; i < op.getMountsCount(); i++) {
      ExecMount mount = op.getMounts(i);
      key.add("mount").add(mount.getTarget()).add(mount.getKindCase().name());
      key.add(mount.getBind().getPath()).add(Boolean.toString(mount.getBind().getWritable()));
      key.add(Long.toString(mount.getTmpfs().getBytes())).add(input.bound().get(i));
      if (mount.hasSecret()) {
        key.add(input.secrets(), mount.getSecret());
      }
    }
    key.addIfSet("network", op.getWithoutNetwork() ? "none" : "");
    return key.finish();
  }

  @Override
  public void run(Directory view, Path stage) throws IOException, InterruptedException {
    exec.run(input.app(), op, layers.get(), view, stage, output);
  }
}
