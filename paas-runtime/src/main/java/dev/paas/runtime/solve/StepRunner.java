package dev.paas.runtime.solve;

import com.google.protobuf.ByteString;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.layer.LayerStore;
import dev.paas.runtime.layer.LayerTar;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.solve.step.Rootfs;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of one build, or finds what they made before, and tells whoever follows the build.
 */
final class StepRunner {

  private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

  private final ImageStore images;
  private final StepCache cache;
  private final Ticker ticker;
  private final SolveRequest request;
  private final Consumer<SolveEvent> events;

  StepRunner(
      ImageStore images,
      StepCache cache,
      Ticker ticker,
      SolveRequest request,
      Consumer<SolveEvent> events) {
    this.images = images;
    this.cache = cache;
    this.ticker = ticker;
    this.request = request;
    this.events = events;
  }

  /** What is done for a node of the graph. */
  interface Work {
    StepResult run() throws IOException, InterruptedException;
  }

  /** Does what a node asks for, and says when it begins and what it has come to. */
  void execute(Node node, Work work) throws IOException, InterruptedException {
    long start = ticker.nanos();
    events.accept(
        SolveEvent.newBuilder()
            .setStarted(
                SolveEvent.StepStarted.newBuilder().setNode(node.getId()).setTitle(node.getTitle()))
            .build());
    StepResult done = work.run();
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
    LOG.atDebug()
        .addKeyValue("app", request.getApp())
        .addKeyValue("node", node.getId())
        .addKeyValue("cached", done.cached())
        .addKeyValue("millis", millis)
        .log("step finished");
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

  RootView view(Rootfs rootfs) throws IOException {
    return RootView.of(images.layers().temporary(), images.directories(rootfs.layers()));
  }

  /** Passes on what a step prints. */
  void output(Node node, ByteString bytes, boolean stderr) {
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
