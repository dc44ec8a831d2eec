package dev.paas.runtime.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.Manifests;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.layer.Layer;
import dev.paas.runtime.layer.LayerWriter;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.Json;
import dev.paas.runtime.registry.RegistryClient;
import dev.paas.runtime.registry.RegistrySource;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * One push. Blobs that the repository has are not sent again. When it has all that the stored
 * manifest names, e.g. the compressed layers of an image that came from there, that manifest is
 * pushed; otherwise one of plain layers, which are written as they are sent.
 */
final class ImagePush {

  private final ImageStore store;
  private final LayerWriter writer;
  private final Duration stalled;
  private final Consumer<ImageStore.Progress> progress;

  /**
   * @param stalled how long the registry may take nothing of what it is sent
   */
  ImagePush(ImageStore store, Duration stalled, Consumer<ImageStore.Progress> progress) {
    this.store = store;
    this.stalled = stalled;
    this.writer = new LayerWriter(store.layers(), store.room());
    this.progress = progress;
  }

  /**
   * @param target where to; its tag is given to the image
   * @return the digest of the manifest that was pushed
   * @throws dev.paas.base.problem.PaasException {@code image.…}, in the words of a pull
   */
  Sha256 run(String ref, ImageName target, RegistrySource registry)
      throws IOException, InterruptedException {
    ImageStore.Lease held = store.lease();
    try {
      StoredImage image = store.find(ref);
      ImageStore.Documents documents = store.documents(image.digest());
      RegistryClient client = RegistryClient.writing(target, registry, stalled);
      byte[] manifest = documents.manifest();
      if (!hasAll(client, manifest)) {
        List<Layer> layers = image.layers().stream().map(store.layers()::get).toList();
        manifest = Manifests.write(documents.configuration(), layers);
        send(client, layers);
      }
      byte[] configuration = documents.configuration();
      if (!client.has(Sha256.of(configuration))) {
        client.upload(
            Sha256.of(configuration), configuration.length, out -> out.write(configuration));
      }
      String type = Json.read(manifest).path("mediaType").asText(Manifests.MANIFEST_TYPE);
      client.put(target.tag(), type, manifest);
      return Sha256.of(manifest);
    } finally {
      held.close();
    }
  }

  /** Whether the repository has all layers as the stored manifest names them. */
  private static boolean hasAll(RegistryClient client, byte[] manifest) throws IOException {
    List<Sha256> digests = new ArrayList<>();
    for (JsonNode descriptor : Json.read(manifest).path("layers")) {
      Manifests.digest(descriptor).ifPresent(digests::add);
    }
    for (Sha256 digest : new LinkedHashSet<>(digests)) {
      if (!client.has(digest)) {
        return false;
      }
    }
    return true;
  }

  private void send(RegistryClient client, List<Layer> layers)
      throws IOException, InterruptedException {
    List<Layer> each = List.copyOf(new LinkedHashSet<>(layers));
    for (Layer layer : each) {
      writer.check(layer);
    }
    for (int i = 0; i < each.size(); i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException("push cancelled");
      }
      Layer layer = each.get(i);
      String what = "layer " + (i + 1) + " of " + each.size();
      if (!client.has(layer.diffId())) {
        client.upload(
            layer.diffId(),
            layer.tarBytes(),
            out -> writer.write(layer, new Counted(out, what, layer.tarBytes())));
      }
      progress.accept(new ImageStore.Progress(what, layer.tarBytes(), layer.tarBytes()));
    }
  }

  /** Says how much of a layer has been sent. */
  private final class Counted extends FilterOutputStream {
    private static final long REPORT_EVERY = 1 << 20;
    private final String what;
    private final long size;
    private long count;
    private long reported;

    Counted(OutputStream out, String what, long size) {
      super(out);
      this.what = what;
      this.size = size;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
      if (count - reported >= REPORT_EVERY) {
        reported = count;
        progress.accept(new ImageStore.Progress(what, count, size));
      }
    }
  }
}
