package dev.paas.runtime.solve;

import com.google.protobuf.ByteString;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.layer.LayerStore;
import dev.paas.runtime.layer.LayerTar;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.RegistryCredentials;
import dev.paas.runtime.registry.RegistrySource;
import dev.paas.runtime.solve.copy.CopySource;
import dev.paas.runtime.solve.copy.CopyStep;
import dev.paas.runtime.solve.copy.DestinationPath;
import dev.paas.runtime.solve.copy.LayerWriter;
import dev.paas.runtime.solve.copy.Owner;
import dev.paas.runtime.solve.match.Comparisons;
import dev.paas.runtime.solve.step.Rootfs;
import dev.paas.runtime.solve.step.StepKey;
import dev.paas.runtime.tree.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes build graphs. Each node becomes a root filesystem; each step that changes something adds
 * one layer, which is found again by the content of the step's inputs, in this build or another
 * one. Interrupt the calling thread to cancel: the running step is killed.
 */
public final class Solver {

  private static final Logger log = LoggerFactory.getLogger(Solver.class);

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
    this.registries = new RegistrySource(RegistryCredentials.NONE, settings.privateRegistries());
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
      Build build = new Build(app, request, events);
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

  /** One run of one graph. */
  private final class Build {
    private final AppName app;
    private final SolveRequest request;
    private final Consumer<SolveEvent> events;
    private final Map<String, Rootfs> roots = new HashMap<>();
    private final Map<String, Sha256> trees = new HashMap<>();
    private final Comparisons comparisons = new Comparisons();

    Build(AppName app, SolveRequest request, Consumer<SolveEvent> events) {
      this.app = app;
      this.request = request;
      this.events = events;
    }

    Rootfs rootfs(String node) {
      Rootfs found = roots.get(node);
      if (found == null) {
        throw new IllegalStateException("not a root filesystem: " + node);
      }
      return found;
    }

    void execute(Node node) throws IOException, InterruptedException {
      long start = ticker.nanos();
      events.accept(
          SolveEvent.newBuilder()
              .setStarted(
                  SolveEvent.StepStarted.newBuilder()
                      .setNode(node.getId())
                      .setTitle(node.getTitle()))
              .build());
      Done done =
          switch (node.getOpCase()) {
            case IMAGE -> image(node);
            case TREE -> tree(node);
            case EXEC -> exec(node, node.getExec());
            case COPY -> copy(node, node.getCopy());
            case MAKE_DIR -> makeDir(node, node.getMakeDir());
            case OP_NOT_SET -> throw new IllegalStateException("checked before");
          };
      long layerBytes = done.layer().map(id -> images.layers().get(id).bytes()).orElse(0L);
      long millis = ticker.since(start).toMillis();
      events.accept(
          SolveEvent.newBuilder()
              .setFinished(
                  SolveEvent.StepFinished.newBuilder()
                      .setNode(node.getId())
                      .setTitle(node.getTitle())
                      .setCached(done.cached())
                      .setMillis(millis)
                      .setLayerBytes(layerBytes))
              .build());
      log.atDebug()
          .addKeyValue("app", app)
          .addKeyValue("node", node.getId())
          .addKeyValue("cached", done.cached())
          .addKeyValue("millis", millis)
          .log("step finished");
    }

    private Done image(Node node) throws IOException, InterruptedException {
      String ref = node.getImage().getRef();
      if (ref.isEmpty()) {
        roots.put(node.getId(), Rootfs.EMPTY);
        return Done.NOTHING;
      }
      Optional<StoredImage> present = images.lookUp(ref);
      if (!(present.isPresent() ? present.get().isOpenTo(app) : mayBePulled(ref))) {
        throw images.unknown(ref);
      }
      StoredImage image =
          present.isPresent()
              ? present.get()
              : images.pull(ref, registries, p -> output(node, p.what() + "\n"));
      roots.put(node.getId(), new Rootfs(image.layers()));
      return new Done(Optional.empty(), present.isPresent());
    }

    private boolean mayBePulled(String ref) {
      return !Sha256.isDigest(ref) && ImageName.parse(ref).app().isEmpty();
    }

    private Done tree(Node node) throws IOException {
      Sha256 digest = new Sha256(node.getTree().getDigest());
      images.trees().require(digest);
      trees.put(node.getId(), digest);
      return Done.NOTHING;
    }

    private Done copy(Node node, CopyOp op) throws IOException {
      try (NameRoom.Share room = images.room().share()) {
        return copy(node, op, room);
      }
    }

    private Done copy(Node node, CopyOp op, NameRoom.Share room) throws IOException {
      Rootfs input = rootfs(op.getInput());
      Sha256 digest = trees.get(op.getFrom());
      if (digest != null) {
        // Its index is not kept: a build may run for long between two copies.
        Tree tree = images.trees().get(digest, room);
        try (Directory files = Directory.open(tree.directory())) {
          List<String> ignored = op.getExcludesList();
          return copy(node, op, input, CopySource.ofTree(tree, files, ignored, comparisons, room));
        }
      }
      // Equal layers on both sides are an equal copy: no file needs to be looked at.
      Rootfs from = rootfs(op.getFrom());
      Sha256 quick =
          new StepKey("copy-by-layers", request.getCacheScope())
              .add(input)
              .add(from)
              .add(op.getSourcesList())
              .add(op.getDestination())
              .add(op.getOwner())
              .finish();
      Optional<Optional<Sha256>> known = lookUp(quick);
      if (known.isPresent()) {
        return finish(node, input, known.get(), true);
      }
      try (RootView view = view(from)) {
        Done done = copy(node, op, input, CopySource.ofRootfs(view.root(), comparisons, room));
        cache.put(quick, done.layer(), request.getCacheScope());
        return done;
      }
    }

    private Done copy(Node node, CopyOp op, Rootfs input, CopySource source) throws IOException {
      CopyStep step = new CopyStep(op, source);
      return cachedOr(
          node,
          input,
          step.key(input, request.getCacheScope()).finish(),
          () -> {
            try (RootView view = view(input);
                LayerStore.Staging staged = images.layers().stage();
                Directory stage = Directory.open(staged.path())) {
              step.run(view.root(), stage);
              return commit(staged, stage, source.room());
            }
          });
    }

    private Done makeDir(Node node, MakeDirOp op) throws IOException {
      Rootfs input = rootfs(op.getInput());
      Sha256 key =
          new StepKey("make-dir", request.getCacheScope())
              .add(input)
              .add(op.getPath())
              .add(op.getOwner())
              .finish();
      return cachedOr(
          node,
          input,
          key,
          () -> {
            try (RootView view = view(input);
                LayerStore.Staging staged = images.layers().stage();
                Directory stage = Directory.open(staged.path())) {
              String path = DestinationPath.resolve(view.root(), op.getPath());
              if (view.root().statusBeneath(path).map(FileStatus::isDirectory).orElse(false)) {
                return Optional.empty();
              }
              Owner owner =
                  op.getOwner().isEmpty() ? Owner.ROOT : Owner.parse(op.getOwner(), view.root());
              try (LayerWriter writer = new LayerWriter(view.root(), stage)) {
                writer.makeDirectories(path, owner);
              }
              try (NameRoom.Share room = images.room().share()) {
                return commit(staged, stage, room);
              }
            }
          });
    }

    private Done exec(Node node, ExecOp op) throws IOException, InterruptedException {
      Rootfs input = rootfs(op.getInput());
      StepKey key =
          new StepKey("exec", request.getCacheScope())
              .add(input)
              .add(op.getArgvList())
              .add(op.getEnvList())
              .add(op.getWorkingDir())
              .add(op.getUser());
      if (op.getCachesCount() > 0) {
        // What an app has put into its cache takes part in the result: it is for that app alone.
        key.add(app.value());
      }
      op.getCachesList().forEach(mount -> key.add(mount.getId()).add(mount.getTarget()));
      return cachedOr(
          node,
          input,
          key.finish(),
          () -> {
            try (RootView view = view(input);
                LayerStore.Staging staged = images.layers().stage()) {
              exec.run(
                  app,
                  op,
                  images.directories(input.layers()),
                  view.root(),
                  staged.path(),
                  (bytes, stderr) -> output(node, bytes, stderr));
              try (Directory stage = Directory.open(staged.path());
                  NameRoom.Share room = images.room().share()) {
                return commit(staged, stage, room);
              }
            }
          });
    }

    private RootView view(Rootfs rootfs) throws IOException {
      return RootView.of(images.layers().temporary(), images.directories(rootfs.layers()));
    }

    private Optional<Optional<Sha256>> lookUp(Sha256 key) throws IOException {
      return request.getNoCache() ? Optional.empty() : cache.find(key);
    }

    private <X extends Exception> Done cachedOr(Node node, Rootfs input, Sha256 key, Step<X> step)
        throws IOException, X {
      Optional<Optional<Sha256>> known = lookUp(key);
      if (known.isPresent()) {
        return finish(node, input, known.get(), true);
      }
      Optional<Sha256> layer = step.run();
      cache.put(key, layer, request.getCacheScope());
      return finish(node, input, layer, false);
    }

    private Done finish(Node node, Rootfs input, Optional<Sha256> layer, boolean cached) {
      roots.put(node.getId(), input.with(layer));
      return new Done(layer, cached);
    }

    /** Makes a layer of what a step has written; nothing written is no layer. */
    private Optional<Sha256> commit(LayerStore.Staging staged, Directory stage, NameRoom.Share room)
        throws IOException {
      LayerTar.Measure measure = LayerTar.measure(stage, room);
      if (measure.entries() == 0) {
        return Optional.empty();
      }
      images.layers().publish(staged, measure.diffId(), measure.bytes(), measure.tarBytes());
      return Optional.of(measure.diffId());
    }

    private void output(Node node, String text) {
      output(node, ByteString.copyFromUtf8(text), false);
    }

    private void output(Node node, ByteString bytes, boolean stderr) {
      events.accept(
          SolveEvent.newBuilder()
              .setOutput(
                  SolveEvent.StepOutput.newBuilder()
                      .setNode(node.getId())
                      .setData(bytes)
                      .setStderr(stderr))
              .build());
    }
  }

  @FunctionalInterface
  private interface Step<X extends Exception> {
    Optional<Sha256> run() throws IOException, X;
  }

  private record Done(Optional<Sha256> layer, boolean cached) {
    static final Done NOTHING = new Done(Optional.empty(), false);
  }
}
