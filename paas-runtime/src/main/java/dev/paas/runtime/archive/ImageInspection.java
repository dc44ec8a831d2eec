package dev.paas.runtime.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.contract.runtime.ImageDetails;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.Manifests;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.registry.Json;
import java.io.IOException;
import java.util.List;

/** What the documents of an image say. */
final class ImageInspection {

  private ImageInspection() {}

  static ImageDetails of(ImageStore store, StoredImage image) throws IOException {
    ImageStore.Documents documents = store.documents(image.digest());
    JsonNode manifest = Json.read(documents.manifest());
    JsonNode config = Json.read(documents.configuration());
    ImageDetails.Builder details =
        ImageDetails.newBuilder()
            .setImage(image.toMessage())
            .setMediaType(manifest.path("mediaType").asText(Manifests.MANIFEST_TYPE))
            .setManifestBytes(documents.manifest().length)
            .setConfigDigest(Sha256.of(documents.configuration()).value())
            .setConfigBytes(documents.configuration().length)
            .setCreated(config.path("created").asText(""))
            .setAuthor(config.path("author").asText(""))
            .setOs(config.path("os").asText("linux"))
            .setArchitecture(config.path("architecture").asText(""));
    List<Sha256> diffIds = image.layers();
    for (int i = 0; i < diffIds.size(); i++) {
      JsonNode descriptor = manifest.path("layers").path(i);
      details.addLayers(
          ImageDetails.Layer.newBuilder()
              .setDiffId(diffIds.get(i).value())
              .setDigest(descriptor.path("digest").asText(""))
              .setMediaType(descriptor.path("mediaType").asText(""))
              .setPackedBytes(descriptor.path("size").asLong())
              .setBytes(store.layers().get(diffIds.get(i)).bytes()));
    }
    for (JsonNode step : config.path("history")) {
      details.addHistory(
          ImageDetails.Step.newBuilder()
              .setCreated(step.path("created").asText(""))
              .setCreatedBy(step.path("created_by").asText(""))
              .setComment(step.path("comment").asText(""))
              .setEmptyLayer(step.path("empty_layer").asBoolean()));
    }
    return details.build();
  }
}
