package dev.paas.runtime.solve;

import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.solve.copy.DestinationPath;
import dev.paas.runtime.solve.copy.LayerWriter;
import dev.paas.runtime.solve.copy.Owner;
import dev.paas.runtime.solve.step.Rootfs;
import dev.paas.runtime.solve.step.StepKey;
import java.io.IOException;
import java.nio.file.Path;

/** Makes a folder; one that is there stays as it is. */
record MakeDirStep(MakeDirOp op, Rootfs input, String scope) implements BuildStep {

  @Override
  public Sha256 key() {
    return new StepKey("make-dir", scope).add(input).add(op.getPath()).add(op.getOwner()).finish();
  }

  @Override
  public void run(Directory view, Path stage) throws IOException {
    String path = DestinationPath.resolve(view, op.getPath());
    if (view.statusBeneath(path).map(FileStatus::isDirectory).orElse(false)) {
      return;
    }
    Owner owner = op.getOwner().isEmpty() ? Owner.ROOT : Owner.parse(op.getOwner(), view);
    try (Directory layer = Directory.open(stage);
        LayerWriter writer = new LayerWriter(view, layer)) {
      writer.makeDirectories(path, owner);
    }
  }
}
