package dev.paas.runtime.disk;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.contract.runtime.DropCachesRequest;
import dev.paas.contract.runtime.MeasureDiskRequest;
import dev.paas.contract.runtime.MeasureDiskResponse;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.solve.CacheFolders;
import dev.paas.runtime.solve.Solver;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What one user has on the disk: layers of the apps' images and of loaded ones, what instances
 * wrote, and what is kept only to build faster, which can be dropped.
 */
public final class DiskAccounts {

  private final ImageStore images;
  private final Solver solver;
  private final CacheFolders caches;
  private final ToLongFunction<AppName> processes;
  private final Runnable collector;

  /**
   * @param processes what an app's processes have on the disk, in bytes
   * @param collector is told when images or layers are no longer needed
   */
  public DiskAccounts(
      ImageStore images,
      Solver solver,
      CacheFolders caches,
      ToLongFunction<AppName> processes,
      Runnable collector) {
    this.images = images;
    this.solver = solver;
    this.caches = caches;
    this.processes = processes;
    this.collector = collector;
  }

  public MeasureDiskResponse measure(MeasureDiskRequest request) throws IOException {
    Set<String> apps = Set.copyOf(request.getAppsList());
    Set<Sha256> shared = layers(request.getSharedList());
    Set<Sha256> own =
        new HashSet<>(
            images.layers(
                name ->
                    name.app().map(apps::contains).orElse(false)
                        || name.user().map(request.getOwner()::equals).orElse(false)));
    own.addAll(layers(request.getNeededList()));
    own.removeAll(shared);
    Set<Sha256> cached = layers(request.getFetchedList());
    if (!request.getCacheScope().isEmpty()) {
      cached.addAll(solver.cachedLayers(request.getCacheScope()));
    }
    cached.removeAll(own);
    cached.removeAll(shared);
    long instanceBytes = 0;
    long cacheBytes = bytes(cached);
    for (String name : apps) {
      AppName app = new AppName(name);
      instanceBytes += processes.applyAsLong(app);
      cacheBytes += caches.bytes(app);
    }
    return MeasureDiskResponse.newBuilder()
        .setImageBytes(bytes(own))
        .setInstanceBytes(instanceBytes)
        .setCacheBytes(cacheBytes)
        .setCacheLayers(cached.size())
        .build();
  }

  /** Layers go when no build is under way; from now on nobody finds them again. */
  public void drop(DropCachesRequest request) throws IOException {
    if (!request.getCacheScope().isEmpty()) {
      solver.forgetSteps(request.getCacheScope());
    }
    for (String app : request.getAppsList()) {
      caches.drop(new AppName(app));
    }
    for (String name : request.getFetchedList()) {
      if (find(name).isPresent()) {
        images.untag(name);
      }
    }
    collector.run();
  }

  private Set<Sha256> layers(List<String> names) {
    Set<Sha256> all = new HashSet<>();
    names.forEach(name -> find(name).ifPresent(image -> all.addAll(image.layers())));
    return all;
  }

  /** An image that somebody named; what is no name names none. */
  private Optional<StoredImage> find(String name) {
    try {
      return images.lookUp(name);
    } catch (PaasException malformed) {
      return Optional.empty();
    }
  }

  private long bytes(Set<Sha256> layers) {
    return layers.stream()
        .flatMap(id -> images.layers().find(id).stream())
        .mapToLong(layer -> layer.bytes() + images.layers().recipeBytes(layer))
        .sum();
  }
}
