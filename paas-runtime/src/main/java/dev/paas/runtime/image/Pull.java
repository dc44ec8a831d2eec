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
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

  /** The image, without a name. */
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
    new LayerFetch(descriptors, diffIds).run();
    return store.add(manifest, configuration, "");
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

  /**
   * The layers that are missing, some at once. What is fetched of each is unpacked and hashed as it
   * comes; nothing is kept compressed.
   */
  private final class LayerFetch {

    /** As many as keep a disk and a core busy while one waits for the network. */
    private static final int AT_ONCE = 3;

    private final Map<Sha256, JsonNode> missing = new LinkedHashMap<>();
    private final int count;
    private final long size;
    private final AtomicLong fetched = new AtomicLong();
    private final AtomicLong unpacked = new AtomicLong();
    private final AtomicInteger ready = new AtomicInteger();
    private volatile boolean over;

    LayerFetch(List<JsonNode> descriptors, List<Sha256> diffIds) {
      long sum = 0;
      for (int i = 0; i < diffIds.size(); i++) {
        Optional<Layer> present = store.layers().find(diffIds.get(i));
        if (present.isPresent()) {
          unpacked.addAndGet(size(present.get()));
        } else if (missing.putIfAbsent(diffIds.get(i), descriptors.get(i)) == null) {
          sum += checkedSize(descriptors.get(i));
        }
      }
      this.count = missing.size();
      this.size = sum;
      requireRoom(0);
    }

    private long size(Layer layer) {
      return layer.bytes() + store.layers().recipeBytes(layer);
    }

    private long checkedSize(JsonNode descriptor) {
      if (!Manifests.isLayer(descriptor.path("mediaType").asText())) {
        throw malformed("a layer is of type " + descriptor.path("mediaType").asText());
      }
      long announced = descriptor.path("size").asLong(-1);
      if (announced < 0) {
        throw malformed("a layer has no size");
      }
      // What is compressed is hardly ever larger than what it was.
      requireRoom(announced);
      return announced;
    }

    private void requireRoom(long more) {
      if (more > maxBytes - unpacked.get()) {
        throw noRoom();
      }
    }

    void run() throws IOException, InterruptedException {
      ExecutorService workers =
          Executors.newFixedThreadPool(
              Math.max(1, Math.min(AT_ONCE, count)), work -> daemon(work, "pull"));
      CompletionService<Layer> done = new ExecutorCompletionService<>(workers);
      try {
        for (Map.Entry<Sha256, JsonNode> each : missing.entrySet()) {
          var unused = done.submit(() -> layer(each.getValue(), each.getKey()));
        }
        for (int i = 0; i < count; i++) {
          done.take().get();
        }
      } catch (ExecutionException failed) {
        throw rethrown(failed.getCause());
      } finally {
        // Nothing may be made any more when the lease of the caller ends.
        over = true;
        workers.shutdownNow();
        awaitEnd(workers);
      }
    }

    /** A worker ends with its next byte, or when the registry is silent for too long. */
    private void awaitEnd(ExecutorService workers) {
      boolean interrupted = false;
      boolean ended = false;
      while (!ended) {
        try {
          ended = workers.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private Layer layer(JsonNode descriptor, Sha256 diffId) throws IOException {
      Sha256 digest = digest(descriptor);
      long announced = checkedSize(descriptor);
      long room = maxBytes - unpacked.get();
      try (Checked in = new Checked(this, registry.blob(digest), announced)) {
        Layer layer =
            LayerUnpacker.unpack(
                store.layers(),
                store.room().limits(),
                ExtractLimits.LAYER.atMost(room),
                in,
                Optional.of(diffId),
                () -> in.finish(digest));
        unpacked.addAndGet(size(layer));
        requireRoom(0);
        ready.incrementAndGet();
        report(0);
        return layer;
      }
    }

    void report(long more) {
      progress.accept(
          new ImageStore.Progress(
              ready.get() + " of " + count + " layers", fetched.addAndGet(more), size));
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private static IOException rethrown(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  /** Compressed bytes of a layer: counted, bounded by the announced size, hashed. */
  private final class Checked extends FilterInputStream {
    private static final long REPORT_EVERY = 1 << 20;
    private final MessageDigest hash = Sha256.algorithm();
    private final LayerFetch fetch;
    private final long size;
    private long count;
    private long reported;

    Checked(LayerFetch fetch, InputStream in, long size) {
      super(in);
      this.fetch = fetch;
      this.size = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (fetch.over || Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("pull cancelled");
      }
      int n = super.read(target, offset, length);
      if (n > 0) {
        count += n;
        if (count > size) {
          throw malformed("a layer is longer than announced");
        }
        hash.update(target, offset, n);
        if (count - reported >= REPORT_EVERY) {
          fetch.report(count - reported);
          reported = count;
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
      fetch.report(count - reported);
    }
  }
}
