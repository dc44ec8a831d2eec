package dev.paas.runtime.boot;

import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.duty.NamedThreads;
import dev.paas.runtime.image.ImageDigest;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.solve.Solver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Removes the images and layers that nothing needs, now and then and when it is told to. */
final class GarbageCollector implements AutoCloseable {

  private static final long INTERVAL_MINUTES = 15;

  private final ImageStore images;
  private final Supplier<Set<String>> inUse;
  private final Solver solver;
  private final Runnable collection;
  private final ScheduledExecutorService thread =
      new ScheduledThreadPoolExecutor(1, new NamedThreads("collector"));

  /**
   * @param inUse the digests of the images that processes need
   */
  GarbageCollector(Duties duties, ImageStore images, Supplier<Set<String>> inUse, Solver solver) {
    this.images = images;
    this.inUse = inUse;
    this.solver = solver;
    this.collection = duties.standing("garbage", this::collect);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void begin() {
    thread.scheduleWithFixedDelay(collection, INTERVAL_MINUTES, INTERVAL_MINUTES, TimeUnit.MINUTES);
  }

  /** Returns when it is done. */
  void now() {
    collection.run();
  }

  /** Nobody waits for it. */
  void soon() {
    thread.execute(collection);
  }

  private void collect() throws IOException {
    images.collectGarbage(
        () -> inUse.get().stream().map(ImageDigest::parse).collect(Collectors.toSet()),
        this::cachedLayers);
  }

  private Set<Sha256> cachedLayers() {
    try {
      return solver.cachedLayers();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
