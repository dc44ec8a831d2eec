package dev.paas.runtime.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.base.problem.PaasException;
import dev.paas.contract.runtime.SaveImageRequest.Format;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.Manifests;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.layer.Layer;
import dev.paas.runtime.layer.LayerWriter;
import dev.paas.runtime.registry.ImageName;
import dev.paas.runtime.registry.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an image as an archive, while it is read from the store. The configuration is the stored
 * one, byte by byte, and layers have the digests that it names. So does the manifest of a layout
 * whose layers came plain; layers that came compressed are stored unpacked, for them a manifest of
 * plain ones is made.
 */
final class ImageSaver {

  private final ImageStore store;
  private final LayerWriter writer;

  ImageSaver(ImageStore store) {
    this.store = store;
    this.writer = new LayerWriter(store.layers(), store.room());
  }

  /**
   * @param names what the archive calls the image
   * @throws PaasException {@code image.not-found}, {@code image.not-reproducible}
   */
  void save(String ref, Format format, List<String> names, OutputStream out) throws IOException {
    ImageStore.Lease held = store.lease();
    try {
      StoredImage image = store.find(ref);
      List<Layer> layers = image.layers().stream().map(store.layers()::get).toList();
      for (Layer layer : new LinkedHashSet<>(layers)) {
        writer.check(layer);
      }
      List<ImageName> called = names.stream().map(ImageName::parse).toList();
      ImageStore.Documents documents = store.documents(image.digest());
      ArchiveTar tar = new ArchiveTar(out);
      if (format == Format.OCI_LAYOUT) {
        layout(tar, documents, layers, called);
      } else {
        dockerArchive(tar, documents.configuration(), layers, called);
      }
      tar.finish();
    } finally {
      held.close();
    }
  }

  private void dockerArchive(
      ArchiveTar tar, byte[] configuration, List<Layer> layers, List<ImageName> names)
      throws IOException {
    String config = Sha256.of(configuration).hex() + ".json";
    Map<String, Object> entry = new TreeMap<>();
    entry.put("Config", config);
    entry.put(
        "RepoTags",
        names.stream().filter(n -> n.pinned().isEmpty()).map(ImageName::familiar).toList());
    entry.put("Layers", layers.stream().map(layer -> layer.diffId().hex() + ".tar").toList());
    tar.file(config, configuration);
    for (Layer layer : new LinkedHashSet<>(layers)) {
      writer.write(layer, tar.begin(layer.diffId().hex() + ".tar", layer.tarBytes()));
      tar.end();
    }
    // Last, so that an archive that breaks off is not taken for a whole one.
    tar.file("manifest.json", Json.write(List.of(entry)));
  }

  private void layout(
      ArchiveTar tar, ImageStore.Documents documents, List<Layer> layers, List<ImageName> names)
      throws IOException {
    byte[] manifest =
        isPlain(documents.manifest(), layers)
            ? documents.manifest()
            : Manifests.write(documents.configuration(), layers);
    tar.file("oci-layout", Json.write(Map.of("imageLayoutVersion", "1.0.0")));
    tar.directory("blobs");
    tar.directory("blobs/sha256");
    tar.file(blob(Sha256.of(manifest)), manifest);
    tar.file(blob(Sha256.of(documents.configuration())), documents.configuration());
    for (Layer layer : new LinkedHashSet<>(layers)) {
      writer.write(layer, tar.begin(blob(layer.diffId()), layer.tarBytes()));
      tar.end();
    }
    tar.file("index.json", index(manifest, names));
  }

  private static boolean isPlain(byte[] manifest, List<Layer> layers) throws IOException {
    JsonNode parsed = Json.read(manifest);
    boolean plain =
        parsed.path("mediaType").asText(Manifests.MANIFEST_TYPE).equals(Manifests.MANIFEST_TYPE);
    for (int i = 0; i < layers.size(); i++) {
      JsonNode descriptor = parsed.path("layers").path(i);
      plain &=
          Manifests.isPlain(descriptor.path("mediaType").asText())
              && descriptor.path("digest").asText().equals(layers.get(i).diffId().value());
    }
    return plain;
  }

  /** One descriptor for each name: that is how Docker and containerd write several. */
  private static byte[] index(byte[] manifest, List<ImageName> names) throws IOException {
    List<Map<String, Object>> manifests = new ArrayList<>();
    for (ImageName name : names) {
      Map<String, Object> descriptor = descriptor(manifest);
      Map<String, Object> annotations = new TreeMap<>();
      annotations.put(ImageLayout.NAME, name.toString());
      if (!name.tag().isEmpty()) {
        annotations.put(ImageLayout.TAG, name.tag());
      }
      descriptor.put("annotations", annotations);
      manifests.add(descriptor);
    }
    if (manifests.isEmpty()) {
      manifests.add(descriptor(manifest));
    }
    Map<String, Object> index = new TreeMap<>();
    index.put("schemaVersion", 2);
    index.put("mediaType", Manifests.INDEX_TYPE);
    index.put("manifests", manifests);
    return Json.write(index);
  }

  private static Map<String, Object> descriptor(byte[] manifest) {
    return Manifests.descriptor(Manifests.MANIFEST_TYPE, Sha256.of(manifest), manifest.length);
  }

  private static String blob(Sha256 digest) {
    return ImageLayout.BLOBS + digest.hex();
  }
}
