package dev.paas.runtime.solve;

import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.linux.file.Directory;
import java.io.IOException;
import java.nio.file.Path;

/** A step of a build that adds a layer to a root filesystem. */
interface BuildStep {

  /** A digest of everything that can change what it makes. */
  Sha256 key() throws IOException;

  /**
   * Writes what it adds; nothing written is no layer.
   *
   * @param view the root filesystem that it adds to
   * @param stage an empty folder, which becomes the layer
   */
  void run(Directory view, Path stage) throws IOException, InterruptedException;
}
