package dev.paas.runtime.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.layer.Layer;
import dev.paas.runtime.registry.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The types of an image's documents and layers, and manifests of our own (OCI image-spec 1.1). */
public final class Manifests {

  public static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  public static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

  private static final Set<String> INDEX_TYPES =
      Set.of(INDEX_TYPE, "application/vnd.docker.distribution.manifest.list.v2+json");
  private static final Set<String> MANIFEST_TYPES =
      Set.of(MANIFEST_TYPE, "application/vnd.docker.distribution.manifest.v2+json");
  private static final Set<String> CONFIG_TYPES =
      Set.of(CONFIG_TYPE, "application/vnd.docker.container.image.v1+json");
  private static final Set<String> LAYER_TYPES =
      Set.of(
          LAYER_TYPE,
          LAYER_TYPE + "+gzip",
          LAYER_TYPE + "+zstd",
          DOCKER_LAYER,
          DOCKER_LAYER + ".gzip",
          DOCKER_LAYER + ".zstd");

  private Manifests() {}

  /** Whether a document is an index, which leads to manifests; one may leave its type out. */
  public static boolean isIndex(JsonNode document) {
    return INDEX_TYPES.contains(document.path("mediaType").asText()) || document.has("manifests");
  }

  /** Whether a document may be the manifest of an image, by its type and its configuration's. */
  public static boolean isManifest(JsonNode document) {
    String type = document.path("mediaType").asText("");
    return (type.isEmpty() || MANIFEST_TYPES.contains(type))
        && CONFIG_TYPES.contains(document.path("config").path("mediaType").asText());
  }

  /** Whether this is how the layer of an image is packed. */
  public static boolean isLayer(String mediaType) {
    return LAYER_TYPES.contains(mediaType);
  }

  /** Whether the layers of this type are tars as they are. */
  public static boolean isPlain(String mediaType) {
    return mediaType.equals(LAYER_TYPE) || mediaType.equals(DOCKER_LAYER);
  }

  /** This machine, as images name it. */
  public static String architecture() {
    return ImageConfigs.architecture();
  }

  /** The configuration of an image is for this machine; one that names none is believed to be. */
  public static boolean fitsHost(JsonNode platform) {
    String ours = ImageConfigs.architecture();
    return platform.path("os").asText("linux").equals("linux")
        && platform.path("architecture").asText(ours).equals(ours);
  }

  /** The digest in a descriptor, or nothing when that is none. */
  public static Optional<Sha256> digest(JsonNode descriptor) {
    String text = descriptor.path("digest").asText();
    return Sha256.isDigest(text) ? Optional.of(new Sha256(text)) : Optional.empty();
  }

  /** What an image is made of, lowest first. */
  public static List<Sha256> diffIds(JsonNode configuration) {
    return ImageConfigs.diffIds(configuration);
  }

  /** A manifest of plain layers; the same always has the same bytes. */
  public static byte[] write(byte[] configuration, List<Layer> layers) throws IOException {
    List<Map<String, Object>> descriptors = new ArrayList<>();
    for (Layer layer : layers) {
      descriptors.add(descriptor(LAYER_TYPE, layer.diffId(), layer.tarBytes()));
    }
    Map<String, Object> manifest = new TreeMap<>();
    manifest.put("schemaVersion", 2);
    manifest.put("mediaType", MANIFEST_TYPE);
    manifest.put("config", descriptor(CONFIG_TYPE, Sha256.of(configuration), configuration.length));
    manifest.put("layers", descriptors);
    return Json.write(manifest);
  }

  /** What leads to a document or a layer. */
  public static Map<String, Object> descriptor(String type, Sha256 digest, long size) {
    Map<String, Object> out = new TreeMap<>();
    out.put("mediaType", type);
    out.put("digest", digest.value());
    out.put("size", size);
    return out;
  }
}
