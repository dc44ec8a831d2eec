package dev.paas.runtime.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.Manifests;
import dev.paas.runtime.layer.Layer;
import dev.paas.runtime.registry.Json;
import dev.paas.runtime.tar.SafePath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The images of an archive as {@code docker save} wrote it for years, and others still do. */
final class DockerArchive {

  /** How most name the configuration: by its digest. */
  private static final Pattern DIGEST_NAME = Pattern.compile("(?:.*/)?([0-9a-f]{64})(?:\\.json)?");

  private DockerArchive() {}

  static List<ArchivedImage> images(ArchiveContent archive) {
    List<ArchivedImage> images = new ArrayList<>();
    for (JsonNode entry : archive.json("manifest.json")) {
      images.add(image(archive, entry));
      ImageLoader.checkCount(images.size(), "images");
    }
    if (images.isEmpty()) {
      throw BadArchive.malformed("the archive names no image", "manifest.json");
    }
    return images;
  }

  private static ArchivedImage image(ArchiveContent archive, JsonNode entry) {
    String path = SafePath.of(entry.path("Config").asText());
    byte[] configuration = archive.document(path);
    Matcher named = DIGEST_NAME.matcher(path);
    if (named.matches() && !Sha256.of(configuration).hex().equals(named.group(1))) {
      throw BadArchive.mismatch(path);
    }
    if (!Manifests.fitsHost(ArchiveContent.json(configuration, path))) {
      throw BadArchive.noPlatform(path);
    }
    List<Layer> layers = new ArrayList<>();
    for (String layer : Json.strings(entry.path("Layers"))) {
      layers.add(archive.layer(SafePath.of(layer)).layer());
    }
    return new ArchivedImage(
        Optional.empty(),
        configuration,
        layers,
        new LinkedHashSet<>(Json.strings(entry.path("RepoTags"))));
  }
}
