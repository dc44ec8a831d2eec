package dev.paas.runtime.solve;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.RegistryCredentials;
import dev.paas.runtime.registry.RegistryReach;
import dev.paas.runtime.registry.RegistrySource;
import dev.paas.runtime.solve.fetch.Downloads;
import dev.paas.runtime.solve.graph.GraphOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Executes build graphs. Each node becomes a root filesystem; each step that changes something adds
 * one layer, which is found again by the content of the step's inputs, in this build or another
 * one. Interrupt the calling thread to cancel: the running step is killed.
 */
public final class Solver {

  private final ImageStore images;
  private final StepCache cache;
  private final ExecStep exec;
  private final Ticker ticker;

  /**
   * The control plane says how many build at once and whose build is next; this only bounds what a
   * caller that has lost count can do.
   */
  private final Semaphore turns;

  private final RegistrySource registries;
  private final long maxArchive;
  private final Downloads downloads;

  /**
   * @param data the folder {@code <data>/runtime}
   */
  public Solver(
      Path data,
      ImageStore images,
      ExecStep exec,
      PlatformSettings.Build settings,
      Clock clock,
      Ticker ticker)
      throws IOException {
    this.turns = new Semaphore(Math.max(settings.ceiling(), 2 * settings.concurrent()), true);
    this.registries =
        new RegistrySource(
            RegistryCredentials.NONE, new RegistryReach(settings.privateRegistries(), List.of()));
    this.maxArchive = settings.disk().bytes();
    this.downloads = new Downloads(images.layers().temporary(), settings);
    this.images = images;
    this.cache = new StepCache(data, images.layers(), clock);
    this.exec = exec;
    this.ticker = ticker;
  }

  /** Layers that the garbage collector must keep for the sake of the next builds. */
  public Set<Sha256> cachedLayers() throws IOException {
    return cache.layers();
  }

  /** Layers of cached steps that only builds of this scope find. */
  public Set<Sha256> cachedLayers(String scope) throws IOException {
    return cache.layers(scope);
  }

  /** Forgets the cached steps of this scope. */
  public void forgetSteps(String scope) throws IOException {
    cache.forget(scope);
  }

  /** Executes a graph; events as they happen, from this thread and those that read output. */
  public StoredImage solve(SolveRequest request, Consumer<SolveEvent> events)
      throws IOException, InterruptedException {
    AppName app = new AppName(request.getApp());
    checkName(app, request.getName());
    List<Node> order = GraphOrder.of(request.getGraph());
    ImageStore.check(request.getConfig());
    turns.acquire();
    try {
      return inTurn(app, order, request, events);
    } finally {
      turns.release();
    }
  }

  /** The name of another app's image, or of one that many builds begin with, is not for a build. */
  private static void checkName(AppName app, String name) {
    if (!name.isEmpty() && !ImageName.parse(name).app().equals(Optional.of(app.value()))) {
      throw Problem.of(
              Kind.INVALID,
              "image.reserved-name",
              "A build names its image apps/" + app + ", with any tag",
              name,
              "Choose such a name.")
          .asException();
    }
  }

  private StoredImage inTurn(
      AppName app, List<Node> order, SolveRequest request, Consumer<SolveEvent> events)
      throws IOException, InterruptedException {
    ImageStore.Lease lease = images.lease();
    try {
      Build build =
          new Build(
              new StepRunner(images, cache, request, maxArchive, downloads),
              new StepEvents(app, images.layers(), ticker, events),
              images,
              registries,
              exec,
              request);
      for (Node node : order) {
        if (Thread.interrupted()) {
          throw new InterruptedException("build cancelled");
        }
        build.execute(node);
      }
      return images.create(
          request.getConfig(),
          build.rootfs(request.getGraph().getOutput()).layers(),
          request.getName());
    } finally {
      // What a failed build has made is worth keeping, too.
      images.layers().flush();
      lease.close();
    }
  }
}
