package dev.paas.runtime.solve;

import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.mount.ReadOnlyOverlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The merged view of a root filesystem's layers, read only, with the ids as they are stored. The
 * kernel does the merging; paths in it are resolved by openat2 as if it were the root.
 */
final class RootView implements AutoCloseable {

  private static final AtomicLong counter = new AtomicLong();

  private final Path place;
  private final Path mountPoint;
  private final Directory root;

  private RootView(Path place, Path mountPoint, Directory root) {
    this.place = place;
    this.mountPoint = mountPoint;
    this.root = root;
  }

  /**
   * @param folder where mount points are made, in the daemon's own mount namespace
   * @param layers lowest first
   */
  static RootView of(Path folder, List<Path> layers) throws IOException {
    Path place = folder.resolve("view-" + counter.incrementAndGet());
    Path mountPoint = Files.createDirectories(place.resolve("root"));
    // A read-only overlay needs two directories.
    List<Path> all = new ArrayList<>(List.of(Files.createDirectories(empty(place))));
    all.addAll(layers);
    if (!layers.isEmpty()) {
      ReadOnlyOverlay.mount(all, mountPoint);
    }
    return new RootView(place, mountPoint, Directory.open(mountPoint));
  }

  private static Path empty(Path place) {
    return place.resolve("empty");
  }

  Directory root() {
    return root;
  }

  Path path() {
    return mountPoint;
  }

  @Override
  public void close() throws IOException {
    root.close();
    ReadOnlyOverlay.unmount(mountPoint);
    for (Path made : List.of(mountPoint, empty(place), place)) {
      Files.deleteIfExists(made);
    }
  }
}
