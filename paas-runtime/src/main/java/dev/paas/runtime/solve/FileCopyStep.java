package dev.paas.runtime.solve;

import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.solve.copy.Archives;
import dev.paas.runtime.solve.copy.CopyStep;
import dev.paas.runtime.solve.step.Rootfs;
import java.io.IOException;
import java.nio.file.Path;

/** Copies files of a source tree or of another root filesystem. */
record FileCopyStep(CopyStep copy, Rootfs input, String scope, Archives archives)
    implements BuildStep {

  @Override
  public Sha256 key() throws IOException {
    return copy.key(input, scope).finish();
  }

  @Override
  public void run(Directory view, Path stage) throws IOException {
    try (Directory layer = Directory.open(stage)) {
      copy.run(view, layer, archives);
    }
  }
}
