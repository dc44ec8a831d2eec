package dev.paas.runtime.layer;

import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Brings layers to disk. Large ones by syncfs(2), which writes all that anybody has changed on the
 * file system; small ones file by file, so that a deploy does not wait for its neighbours' data.
 * Writing is started for all files before the first is waited for: one commit of the journal then
 * covers them all.
 */
final class LayerSync {

  /** Above this, one syncfs is cheaper than single calls. */
  private static final int MAX_FILES = 1000;

  private static final long MAX_BYTES = 32 << 20;

  private int files;

  private LayerSync() {}

  static void sync(Path root, List<Layer> layers) throws IOException {
    try (Directory all = Directory.open(root)) {
      long bytes = layers.stream().mapToLong(Layer::bytes).sum();
      if (bytes > MAX_BYTES || !new LayerSync().single(all, layers)) {
        all.syncFileSystem();
      }
      all.sync();
    }
  }

  /** False: there are too many files for this. */
  private boolean single(Directory all, List<Layer> layers) throws IOException {
    for (Layer layer : layers) {
      try (Directory root = all.openBeneath(layer.diffId().shortHex())) {
        if (!start(root)) {
          return false;
        }
      }
    }
    for (Layer layer : layers) {
      try (Directory root = all.openBeneath(layer.diffId().shortHex())) {
        finish(root);
      }
    }
    return true;
  }

  private boolean start(Directory directory) throws IOException {
    directory.each(
        entry -> {
          if (++files > MAX_FILES) {
            return false;
          }
          if (entry.type() == FileStatus.REGULAR) {
            try (FileHandle file = directory.read(entry.name())) {
              file.startWriting();
            }
          } else if (entry.type() == FileStatus.DIRECTORY) {
            try (Directory inside = directory.openBeneath(entry.name())) {
              return start(inside);
            }
          }
          return true;
        });
    return files <= MAX_FILES;
  }

  private static void finish(Directory directory) throws IOException {
    directory.each(
        entry -> {
          if (entry.type() == FileStatus.REGULAR) {
            try (FileHandle file = directory.read(entry.name())) {
              file.sync();
            }
          } else if (entry.type() == FileStatus.DIRECTORY) {
            try (Directory inside = directory.openBeneath(entry.name())) {
              finish(inside);
            }
          }
          return true;
        });
    directory.sync();
  }
}
