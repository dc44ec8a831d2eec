package dev.paas.runtime.rootfs;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A mounted root filesystem: read-only layers, idmapped to one app's range of ids, under a writable
 * upper directory. Made by {@link RootFilesystems}; closing it unmounts and leaves the upper
 * directory to its owner.
 *
 * @param path where it is mounted, in the daemon's own mount namespace
 * @param upper what was written; its files carry host ids of {@code ids}, whiteouts are 0:0 devices
 *     and {@code trusted.overlay.*} attributes
 * @param ids the range of its user namespace
 */
public record RootFilesystem(Path path, Path upper, UidRange ids) implements AutoCloseable {

  @Override
  public void close() throws IOException {
    RootFilesystems.unmount(path);
  }
}
