package dev.paas.runtime.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.layer.Layer;
import dev.paas.runtime.layer.LayerUnpacker;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.Json;
import dev.paas.runtime.registry.RegistryClient;
import dev.paas.runtime.registry.RegistrySource;
import dev.paas.runtime.tar.ExtractLimits;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One pull: manifest, configuration, layers, each checked against the digest that named it before
 * the next step believes it. Nothing is an image until all of it is right.
 */
final class Pull {

  private final ImageStore store;
  private final ImageName name;
  private final RegistryClient registry;
  private final long maxBytes;
  private final Consumer<ImageStore.Progress> progress;

  Pull(
      ImageStore store,
      ImageName name,
      RegistrySource source,
      Consumer<ImageStore.Progress> progress) {
    this.store = store;
    this.name = name;
    this.registry = new RegistryClient(name, source);
    this.maxBytes = source.maxBytes();
    this.progress = progress;
  }

  StoredImage run() throws IOException, InterruptedException {
    byte[] manifest = manifest();
    JsonNode parsed = parsed(manifest);
    Sha256 configDigest = digest(parsed.path("config"));
    byte[] configuration = registry.document(configDigest);
    verify(configDigest, Sha256.of(configuration));
    JsonNode config = parsed(configuration);
    checkPlatform(config);
    List<Sha256> diffIds = ImageConfigs.diffIds(config);
    List<JsonNode> descriptors = new ArrayList<>();
    parsed.path("layers").forEach(descriptors::add);
    if (diffIds.size() > ImageStore.MAX_LAYERS) {
      throw malformed("it has more than " + ImageStore.MAX_LAYERS + " layers");
    }
    if (descriptors.size() != diffIds.size()) {
      throw malformed("its layers and its configuration do not match");
    }
    long bytes = 0;
    for (int i = 0; i < descriptors.size(); i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException("pull cancelled");
      }
      if (store.layers().find(diffIds.get(i)).isEmpty()) {
        String what = "layer " + (i + 1) + " of " + descriptors.size();
        layer(descriptors.get(i), diffIds.get(i), what, maxBytes - bytes);
      }
      bytes += store.layers().get(diffIds.get(i)).bytes();
      if (bytes > maxBytes) {
        throw noRoom();
      }
    }
    return store.add(manifest, configuration, name.toString());
  }

  /** The manifest for this host's platform; an index leads to it. */
  private byte[] manifest() throws IOException {
    String reference = name.pinned().map(Sha256::value).orElse(name.tag());
    byte[] first = registry.manifest(reference);
    if (name.pinned().isPresent()) {
      verify(name.pinned().get(), Sha256.of(first));
    }
    JsonNode parsed = parsed(first);
    if (!Manifests.isIndex(parsed)) {
      return first;
    }
    for (JsonNode candidate : parsed.path("manifests")) {
      JsonNode platform = candidate.path("platform");
      if (platform.path("os").asText().equals("linux")
          && platform.path("architecture").asText().equals(ImageConfigs.architecture())) {
        Sha256 digest = digest(candidate);
        byte[] manifest = registry.manifest(digest.value());
        verify(digest, Sha256.of(manifest));
        return manifest;
      }
    }
    throw noPlatform();
  }

  /** A configuration that names no platform is believed to fit. */
  private void checkPlatform(JsonNode config) {
    if (!Manifests.fitsHost(config)) {
      throw noPlatform();
    }
  }

  private PaasException noPlatform() {
    return Problem.of(
            Kind.INVALID,
            "image.no-platform",
            "The image has no variant for linux/" + ImageConfigs.architecture(),
            name.toString(),
            "Use an image that is built for this kind of machine.")
        .asException();
  }

  private JsonNode parsed(byte[] document) {
    try {
      return Json.read(document);
    } catch (IOException bad) {
      throw malformed("a part of it is no JSON that can be read");
    }
  }

  private PaasException noRoom() {
    return Problem.of(
            Kind.OVER_ALLOWANCE,
            "image.no-room",
            "The image unpacks to more than there is room for",
            maxBytes + " bytes",
            "Use a smaller image.")
        .asException();
  }

  private void layer(JsonNode descriptor, Sha256 diffId, String what, long room)
      throws IOException {
    if (!Manifests.isLayer(descriptor.path("mediaType").asText())) {
      throw malformed("a layer is of type " + descriptor.path("mediaType").asText());
    }
    Sha256 digest = digest(descriptor);
    long size = descriptor.path("size").asLong(-1);
    if (size < 0) {
      throw malformed("a layer has no size");
    }
    // What is compressed is hardly ever larger than what it was.
    if (size > room) {
      throw noRoom();
    }
    try (Checked in = new Checked(registry.blob(digest), size, what)) {
      Layer unpacked =
          LayerUnpacker.unpack(
              store.layers(),
              store.room().limits(),
              ExtractLimits.LAYER.atMost(room),
              in,
              Optional.of(diffId),
              () -> in.finish(digest));
      progress.accept(new ImageStore.Progress(what, unpacked.bytes(), unpacked.bytes()));
    }
  }

  private Sha256 digest(JsonNode descriptor) {
    return Manifests.digest(descriptor).orElseThrow(() -> malformed("a digest in it is none"));
  }

  private void verify(Sha256 expected, Sha256 found) {
    if (!expected.equals(found)) {
      throw Problem.of(
              Kind.INVALID,
              "image.digest-mismatch",
              "The registry sent other content than its digest says",
              expected.value(),
              "Pull again; if it happens again, the registry's content is damaged.")
          .asException();
    }
  }

  private PaasException malformed(String what) {
    return Problem.of(
            Kind.INVALID,
            "image.bad-manifest",
            "The image can't be used: " + what,
            name.toString(),
            "Build and push the image again.")
        .asException();
  }

  /** Compressed bytes of a layer: counted, bounded by the announced size, hashed. */
  private final class Checked extends FilterInputStream {
    private static final long REPORT_EVERY = 1 << 20;
    private final MessageDigest hash = Sha256.algorithm();
    private final long size;
    private final String what;
    private long count;
    private long reported;

    Checked(InputStream in, long size, String what) {
      super(in);
      this.size = size;
      this.what = what;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new java.io.InterruptedIOException("pull cancelled");
      }
      int n = super.read(target, offset, length);
      if (n > 0) {
        count += n;
        if (count > size) {
          throw malformed("a layer is longer than announced");
        }
        hash.update(target, offset, n);
        if (count - reported >= REPORT_EVERY) {
          reported = count;
          progress.accept(new ImageStore.Progress(what, count, size));
        }
      }
      return n;
    }

    void finish(Sha256 expected) throws IOException {
      byte[] rest = new byte[1 << 14];
      while (read(rest, 0, rest.length) >= 0) {
        // read to the end: the digest is one of everything
      }
      if (count != size) {
        throw malformed("a layer is shorter than announced");
      }
      verify(expected, Sha256.finish(hash));
    }
  }
}
