package dev.paas.runtime.solve;

import dev.paas.base.name.AppName;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.rootfs.UidRanges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Writable copies of root filesystems: what a step writes to one becomes a layer. */
public final class WritableCopies {

  private final RootFilesystems roots;
  private final Claims claims;
  private final UidRanges ranges;
  private final Path temporary;
  private final AtomicLong counter = new AtomicLong();

  /**
   * @param data the folder {@code <data>/runtime}
   */
  public WritableCopies(RootFilesystems roots, Claims claims, UidRanges ranges, Path data) {
    this.roots = roots;
    this.claims = claims;
    this.ranges = ranges;
    this.temporary = data.resolve("tmp");
  }

  /**
   * A copy for one step of an app; closing it removes what no layer was made of.
   *
   * @param layers of the root filesystem, lowest first
   */
  Copy open(AppName app, List<Path> layers) throws IOException {
    String name = "build-" + app + "-" + counter.incrementAndGet();
    UidRange ids = ranges.of(app);
    Claims.Claim claim = claims.hold(name);
    try {
      Path folder = Folders.create(temporary.resolve(name), "rwx------");
      return new Copy(name, folder, layers, ids, claim);
    } catch (IOException | RuntimeException | Error failed) {
      claim.close();
      throw failed;
    }
  }

  /** See {@link WritableCopies#open}. */
  final class Copy implements AutoCloseable {

    private final String name;
    private final Path folder;
    private final List<Path> layers;
    private final UidRange ids;
    private final Claims.Claim claim;

    private Copy(String name, Path folder, List<Path> layers, UidRange ids, Claims.Claim claim) {
      this.name = name;
      this.folder = folder;
      this.layers = layers;
      this.ids = ids;
      this.claim = claim;
    }

    /** The name of the container that runs in it. */
    String name() {
      return name;
    }

    /** Mounts it; closing the answer ends that. */
    RootFilesystem mount() throws IOException {
      return roots.mount(name, layers, folder, ids);
    }

    /**
     * Makes a layer of what was written, once it is no longer mounted.
     *
     * @param target an empty folder that becomes the layer
     * @param view the merged layers
     * @param mounted where caches were mounted
     */
    void becomes(Path target, Directory view, List<String> mounted) throws IOException {
      UpperLayer.normalise(folder.resolve("upper"), ids, view, mounted);
      try (Directory from = Directory.open(folder);
          Directory to = Directory.open(temporary)) {
        from.rename("upper", to, String.valueOf(target.getFileName()));
      }
    }

    @Override
    public void close() throws IOException {
      try (claim;
          Directory in = Directory.open(temporary)) {
        in.removeTree(name);
      }
    }
  }
}
