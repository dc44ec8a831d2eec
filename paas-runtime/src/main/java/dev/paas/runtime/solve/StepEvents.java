package dev.paas.runtime.solve;

import com.google.protobuf.ByteString;
import dev.paas.base.name.AppName;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.runtime.layer.LayerStore;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whoever follows a build when its steps begin, what they print and what they come to. */
final class StepEvents {

  private static final Logger LOG = LoggerFactory.getLogger(StepEvents.class);

  private final AppName app;
  private final LayerStore layers;
  private final Ticker ticker;
  private final Consumer<SolveEvent> events;

  StepEvents(AppName app, LayerStore layers, Ticker ticker, Consumer<SolveEvent> events) {
    this.app = app;
    this.layers = layers;
    this.ticker = ticker;
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
    long layerBytes = done.layer().map(id -> layers.get(id).bytes()).orElse(0L);
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
        .addKeyValue("app", app)
        .addKeyValue("node", node.getId())
        .addKeyValue("cached", done.cached())
        .addKeyValue("millis", millis)
        .log("step finished");
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
