package dev.paas.runtime.solve;

import dev.paas.contract.runtime.SolveRequest;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.layer.LayerStore;
import dev.paas.runtime.layer.LayerTar;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.solve.copy.Archives;
import dev.paas.runtime.solve.fetch.Downloads;
import dev.paas.runtime.solve.step.Rootfs;
import java.io.IOException;
import java.util.Optional;

/** Runs the steps of one build, or finds what they made before. */
final class StepRunner {

  private final ImageStore images;
  private final StepCache cache;
  private final SolveRequest request;
  private final Archives archives;
  private final Downloads downloads;

  /**
   * @param maxArchive what an archive may unpack to, in bytes
   */
  StepRunner(
      ImageStore images,
      StepCache cache,
      SolveRequest request,
      long maxArchive,
      Downloads downloads) {
    this.archives = new Archives(images.layers().temporary(), maxArchive);
    this.images = images;
    this.cache = cache;
    this.request = request;
    this.downloads = downloads;
  }

  /**
   * Finds what a step made, or runs it.
   *
   * @param room takes the names of what it writes; it may be the step's own
   */
  StepResult run(BuildStep step, Rootfs input, NameRoom.Share room)
      throws IOException, InterruptedException {
    Sha256 key = step.key();
    Optional<CacheHit> known = find(key);
    if (known.isPresent()) {
      return new StepResult(known.get().layer(), true);
    }
    Optional<Sha256> layer = make(step, input, room);
    remember(key, layer);
    return new StepResult(layer, false);
  }

  private Optional<Sha256> make(BuildStep step, Rootfs input, NameRoom.Share room)
      throws IOException, InterruptedException {
    try (RootView view = view(input);
        LayerStore.Staging staged = images.layers().stage()) {
      step.run(view.root(), staged.path());
      try (Directory stage = Directory.open(staged.path())) {
        LayerTar.Measure measure = LayerTar.measure(stage, room);
        if (measure.entries() == 0) {
          return Optional.empty();
        }
        images.layers().publish(staged, measure.diffId(), measure.bytes(), measure.tarBytes());
        return Optional.of(measure.diffId());
      }
    }
  }

  /** What was made by a step with this key, unless the build wants everything made again. */
  Optional<CacheHit> find(Sha256 key) throws IOException {
    return request.getNoCache() ? Optional.empty() : cache.find(key);
  }

  void remember(Sha256 key, Optional<Sha256> layer) throws IOException {
    cache.put(key, layer, request.getCacheScope());
  }

  Archives archives() {
    return archives;
  }

  Downloads downloads() {
    return downloads;
  }

  RootView view(Rootfs rootfs) throws IOException {
    return RootView.of(images.layers().temporary(), images.directories(rootfs.layers()));
  }
}
