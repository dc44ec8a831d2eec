package dev.paas.runtime.linux.mount;

import dev.paas.runtime.linux.file.Directory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lower directories of an overlay that is being mounted, named by descriptors: their own paths
 * would not fit the one page that mount(2) takes as options. Close it when the overlay is mounted.
 */
final class LowerLayers implements AutoCloseable {

  private final List<Directory> open = new ArrayList<>();

  /**
   * @param lowestFirst at least one
   */
  static LowerLayers of(List<Path> lowestFirst) throws IOException {
    LowerLayers layers = new LowerLayers();
    try {
      for (Path layer : lowestFirst) {
        layers.open.add(Directory.open(layer));
      }
      return layers;
    } catch (IOException | RuntimeException failed) {
      layers.close();
      throw failed;
    }
  }

  /** Overlay's option: the highest layer comes first. */
  String option() {
    StringBuilder option = new StringBuilder("lowerdir=");
    for (int i = open.size() - 1; i >= 0; i--) {
      option.append("/proc/self/fd/").append(open.get(i).fd()).append(i == 0 ? "" : ":");
    }
    return option.toString();
  }

  @Override
  public void close() {
    open.forEach(Directory::close);
  }
}
