package dev.paas.acceptance.threat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.Registry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A real registry (docker-registry) on loopback whose content is whatever the test puts there. */
final class HostileRegistry implements AutoCloseable {

  static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private final Path folder;
  private final String host;
  private final Registry registry;
  private final HttpClient http = HttpClient.newHttpClient();

  HostileRegistry(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.registry = new Registry(folder);
    this.host = registry.host();
  }

  String host() {
    return host;
  }

  private URI uri(String path) {
    return URI.create("http://" + host + path);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Stores a blob and answers with its digest. */
  String blob(String name, byte[] content) throws IOException {
    String digest = digest(content);
    HttpResponse<String> begun =
        send(
            HttpRequest.newBuilder(uri("/v2/" + name + "/blobs/uploads/"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    String location = begun.headers().firstValue("Location").orElseThrow();
    URI upload = URI.create(location + (location.contains("?") ? "&" : "?") + "digest=" + digest);
    HttpRequest put =
        HttpRequest.newBuilder(upload.isAbsolute() ? upload : uri(upload.toString()))
            .header("Content-Type", "application/octet-stream")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
            .build();
    assertThat(send(put).statusCode()).isEqualTo(201);
    return digest;
  }

  /** Replaces a stored blob's bytes; its name stays. */
  void damage(String digest, byte[] content) throws IOException {
    String hex = digest.substring("sha256:".length());
    Path blobs = folder.resolve("data/docker/registry/v2/blobs/sha256");
    Files.write(blobs.resolve(hex.substring(0, 2)).resolve(hex).resolve("data"), content);
  }

  /** An image as the registry will tell it. */
  static final class Content {
    private final byte[] layer;
    private final String layerType;
    private final long layerSize;
    private final String diffId;
    private final String architecture;

    private Content(
        byte[] layer, String layerType, long layerSize, String diffId, String architecture) {
      this.layer = layer;
      this.layerType = layerType;
      this.layerSize = layerSize;
      this.diffId = diffId;
      this.architecture = architecture;
    }

    static Content of(byte[] layer) {
      return new Content(layer, LAYER, layer.length, digest(layer), "amd64");
    }

    Content size(long size) {
      return new Content(layer, layerType, size, diffId, architecture);
    }

    Content type(String type) {
      return new Content(layer, type, layerSize, diffId, architecture);
    }

    Content diffId(String id) {
      return new Content(layer, layerType, layerSize, id, architecture);
    }

    Content architecture(String other) {
      return new Content(layer, layerType, layerSize, diffId, other);
    }
  }

  /** Makes an image and answers with its name. */
  String image(String name, Content content) throws IOException {
    String config =
        "{\"os\":\"linux\",\"architecture\":\""
            + content.architecture
            + "\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
            + content.diffId
            + "\"]}}";
    return image(name, config, content);
  }

  /** The same with a configuration of any form. */
  String image(String name, String config, Content content) throws IOException {
    byte[] configuration = config.getBytes(UTF_8);
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + MANIFEST
            + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
            + blob(name, configuration)
            + "\",\"size\":"
            + configuration.length
            + "},\"layers\":[{\"mediaType\":\""
            + content.layerType
            + "\",\"digest\":\""
            + blob(name, content.layer)
            + "\",\"size\":"
            + content.layerSize
            + "}]}";
    HttpRequest put =
        HttpRequest.newBuilder(uri("/v2/" + name + "/manifests/1"))
            .header("Content-Type", MANIFEST)
            .PUT(HttpRequest.BodyPublishers.ofString(manifest))
            .build();
    HttpResponse<String> answer = send(put);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return host + "/" + name + ":1";
  }

  @Override
  public void close() {
    registry.close();
    Command.of("rm", "-rf", folder.toString()).run();
  }
}
