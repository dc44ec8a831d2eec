package dev.paas.runtime.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.base.disk.DurableFile;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.runtime.content.Blobs;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.layer.LayerStore;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.registry.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which images there are: a record {@code images/<hex>.json} each, which is written when the
 * manifest, the configuration and the layers are there, and makes them an image.
 */
final class ImageRecords {

  private static final Logger LOG = LoggerFactory.getLogger(ImageRecords.class);

  private final Path folder;
  private final Blobs blobs;
  private final Clock clock;
  private final Map<ImageDigest, Known> images = new ConcurrentHashMap<>();

  // Without the configuration, which may be long and comes from untrusted registries.
  record Known(ImageDigest digest, Sha256 config, List<Sha256> layers, Instant created) {}

  /** Reads what is there; a record of which a part is missing is dropped. */
  ImageRecords(Path data, Blobs blobs, LayerStore layers, Clock clock) throws IOException {
    this.folder = Folders.create(data.resolve("images"), "rwx------");
    this.blobs = blobs;
    this.clock = clock;
    List<Path> all;
    try (Stream<Path> files = Files.list(folder)) {
      all = files.filter(file -> file.toString().endsWith(".json")).toList();
    }
    for (Path file : all) {
      Optional<Known> image = read(file, layers);
      if (image.isPresent()) {
        images.put(image.get().digest(), image.get());
      } else {
        LOG.atWarn().addKeyValue("record", file.getFileName()).log("image dropped: incomplete");
        Files.deleteIfExists(file);
      }
    }
  }

  private Optional<Known> read(Path file, LayerStore layers) throws IOException {
    JsonNode record = Json.read(Files.readAllBytes(file));
    String digest = record.path("digest").asText();
    String config = record.path("config").asText();
    if (!Sha256.isDigest(digest) || !Sha256.isDigest(config)) {
      return Optional.empty();
    }
    Optional<byte[]> bytes = blobs.get(new Sha256(config));
    if (bytes.isEmpty() || blobs.get(new Sha256(digest)).isEmpty()) {
      return Optional.empty();
    }
    List<Sha256> diffIds = ImageConfigs.diffIds(Json.read(bytes.get()));
    if (diffIds.stream().anyMatch(id -> layers.find(id).isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new Known(
            ImageDigest.parse(digest),
            new Sha256(config),
            diffIds,
            Instant.ofEpochMilli(record.path("createdAtMillis").asLong())));
  }

  Optional<Known> find(ImageDigest digest) {
    return Optional.ofNullable(images.get(digest));
  }

  boolean has(ImageDigest digest) {
    return images.containsKey(digest);
  }

  List<Known> all() {
    return List.copyOf(images.values());
  }

  ImageConfig config(Known image) {
    try {
      byte[] stored =
          blobs
              .get(image.config())
              .orElseThrow(() -> new IOException("configuration is gone: " + image.config()));
      return ImageConfigs.parse(Json.read(stored));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  ImageStore.Documents documents(ImageDigest digest) throws IOException {
    Known image =
        find(digest).orElseThrow(() -> new IllegalArgumentException("no such image: " + digest));
    return new ImageStore.Documents(
        blobs
            .get(digest.manifest())
            .orElseThrow(() -> new IOException("manifest is gone: " + digest)),
        blobs
            .get(image.config())
            .orElseThrow(() -> new IOException("configuration is gone: " + image.config())));
  }

  /** One at a time: builds of equal sources, at once, write the same files. */
  synchronized Known add(byte[] manifest, byte[] configuration, List<Sha256> diffIds)
      throws IOException {
    Sha256 config = blobs.put(configuration);
    ImageDigest digest = new ImageDigest(blobs.put(manifest));
    Known known = images.get(digest);
    if (known == null) {
      Instant created = clock.instant();
      known = new Known(digest, config, diffIds, created);
      Map<String, Object> record = new TreeMap<>();
      record.put("digest", digest.toString());
      record.put("config", config.value());
      record.put("createdAtMillis", created.toEpochMilli());
      file(digest).write(Json.write(record));
      images.put(digest, known);
    }
    return known;
  }

  void remove(Known image) throws IOException {
    images.remove(image.digest());
    file(image.digest()).delete();
  }

  private DurableFile file(ImageDigest digest) {
    return new DurableFile(folder.resolve(digest.manifest().hex() + ".json"));
  }
}
