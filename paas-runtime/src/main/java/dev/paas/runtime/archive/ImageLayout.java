package dev.paas.runtime.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.Manifests;
import dev.paas.runtime.layer.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The images of an OCI image layout (image-spec 1.1, image-layout.md), each for this machine. */
final class ImageLayout {

  static final String BLOBS = "blobs/sha256/";

  /** Where Docker, containerd and BuildKit write the whole name. */
  static final String NAME = "io.containerd.image.name";

  /** The tag, or the name, depends on who writes. */
  static final String TAG = "org.opencontainers.image.ref.name";

  /** An index may lead to an index; none in use has more below it. */
  private static final int MAX_DEPTH = 3;

  /** What is looked at: an index may name another one, or the same one, thousands of times. */
  private static final int MAX_LOOKED_AT = 1_000;

  private final ArchiveContent archive;
  private int lookedAt;

  /** Images by the digest of their manifest, in the order of the index. */
  private final Map<Sha256, ArchivedImage> found = new LinkedHashMap<>();

  private ImageLayout(ArchiveContent archive) {
    this.archive = archive;
  }

  static List<ArchivedImage> images(ArchiveContent archive) {
    ImageLayout layout = new ImageLayout(archive);
    JsonNode index = archive.json("index.json");
    boolean foreign = false;
    for (JsonNode descriptor : index.path("manifests")) {
      if (descriptor.has("platform") && !Manifests.fitsHost(descriptor.path("platform"))) {
        foreign = true;
      } else {
        foreign |= !layout.add(descriptor, names(descriptor), 0);
      }
    }
    if (layout.found.isEmpty()) {
      throw foreign
          ? BadArchive.noPlatform("index.json")
          : BadArchive.malformed("its index names no manifest", "index.json");
    }
    return List.copyOf(layout.found.values());
  }

  private static Set<String> names(JsonNode descriptor) {
    JsonNode annotations = descriptor.path("annotations");
    Set<String> names = new LinkedHashSet<>();
    String whole = annotations.path(NAME).asText("");
    String tag = annotations.path(TAG).asText("");
    if (!whole.isEmpty()) {
      names.add(whole);
    } else if (tag.contains("/") || tag.contains(":")) {
      names.add(tag); // a tag has neither
    }
    return names;
  }

  /** False: nothing of it is for this machine. */
  private boolean add(JsonNode descriptor, Set<String> names, int depth) {
    if (++lookedAt > MAX_LOOKED_AT) {
      throw BadArchive.malformed(
          "its indexes name more than " + MAX_LOOKED_AT + " documents", "index.json");
    }
    Sha256 digest =
        Manifests.digest(descriptor)
            .orElseThrow(() -> BadArchive.malformed("a digest in it is none", "index.json"));
    String path = BLOBS + digest.hex();
    byte[] bytes = archive.document(path);
    if (descriptor.has("size") && descriptor.path("size").asLong() != bytes.length) {
      throw BadArchive.mismatch(path);
    }
    JsonNode document = ArchiveContent.json(bytes, path);
    if (!Manifests.isIndex(document)) {
      return manifest(digest, bytes, document, names);
    }
    if (depth == MAX_DEPTH) {
      throw BadArchive.malformed("its indexes are too deep", path);
    }
    for (JsonNode candidate : document.path("manifests")) {
      if (Manifests.fitsHost(candidate.path("platform")) && add(candidate, names, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean manifest(Sha256 digest, byte[] bytes, JsonNode manifest, Set<String> names) {
    if (!Manifests.isManifest(manifest)) {
      throw BadArchive.malformed(
          "it is of type "
              + manifest
                  .path("config")
                  .path("mediaType")
                  .asText(manifest.path("mediaType").asText()),
          digest.value());
    }
    JsonNode config = manifest.path("config");
    String path =
        BLOBS
            + Manifests.digest(config)
                .orElseThrow(() -> BadArchive.malformed("a digest in it is none", digest.value()))
                .hex();
    byte[] configuration = archive.document(path);
    if (config.path("size").asLong(-1) != configuration.length) {
      throw BadArchive.mismatch(path);
    }
    if (!Manifests.fitsHost(ArchiveContent.json(configuration, path))) {
      return false;
    }
    List<Layer> layers = new ArrayList<>();
    manifest.path("layers").forEach(descriptor -> layers.add(layer(descriptor)));
    ArchivedImage image =
        new ArchivedImage(Optional.of(bytes), configuration, layers, new LinkedHashSet<>(names));
    found.merge(digest, image, ArchivedImage::withNamesOf);
    return true;
  }

  private Layer layer(JsonNode descriptor) {
    String type = descriptor.path("mediaType").asText();
    if (!Manifests.isLayer(type)) {
      throw BadArchive.malformed("a layer is of type " + type, descriptor.path("digest").asText());
    }
    String path =
        BLOBS
            + Manifests.digest(descriptor)
                .orElseThrow(() -> BadArchive.malformed("a digest in it is none", "layers"))
                .hex();
    PackedLayer packed = archive.layer(path);
    if (descriptor.path("size").asLong(-1) != packed.size()) {
      throw BadArchive.mismatch(path);
    }
    if (!packed.packing().is(type)) {
      throw BadArchive.malformed("a layer is not packed as its type " + type + " says", path);
    }
    return packed.layer();
  }
}
