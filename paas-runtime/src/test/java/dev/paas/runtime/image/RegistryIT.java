package dev.paas.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.contract.runtime.ImageConfig;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.content.TestRoom;
import dev.paas.runtime.layer.LayerStore;
import dev.paas.runtime.layer.LayerTar;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.registry.RegistryCredentials;
import dev.paas.runtime.registry.RegistrySource;
import dev.paas.runtime.tree.TreeStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from a real registry (docker-registry), which skopeo fills. */
final class RegistryIT {

  private static final RegistrySource ANYBODY = as("", "");

  @TempDir Path temp;
  private ImageStore source;
  private ImageStore store;
  private Process registry;
  private String host = "";

  @BeforeEach
  void start() throws IOException {
    source = store("source");
    store = store("store");
    start("");
  }

  private ImageStore store(String name) throws IOException {
    return new ImageStore(
        temp.resolve(name), new TreeStore.Limits(1 << 20, 100), TestRoom.open(), Clock.systemUTC());
  }

  private void start(String auth) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    host = "127.0.0.1:" + port;
    Path config = temp.resolve("registry-" + port + ".yml");
    Files.writeString(
        config,
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: "
            + temp.resolve("registry")
            + "\nhttp:\n  addr: "
            + host
            + "\n"
            + auth);
    registry =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(temp.resolve("registry.log").toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(
            () -> {
              URI uri = URI.create("http://" + host + "/v2/");
              HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
              return connection.getResponseCode() < 500;
            });
  }

  @AfterEach
  void stop() throws InterruptedException {
    registry.destroyForcibly().waitFor();
  }

  /** Exports a stored image as an OCI layout and lets skopeo push it. */
  private void push(StoredImage image, String name, String... options) throws Exception {
    Path layout = temp.resolve("layout-" + name.replaceAll("[^a-z0-9]", "-"));
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    for (Sha256 layer : image.layers()) {
      try (Directory directory = Directory.open(source.layers().get(layer).directory());
          OutputStream out = Files.newOutputStream(blobs.resolve(layer.hex()))) {
        assertThat(LayerTar.write(directory, out, TestRoom.share()).diffId()).isEqualTo(layer);
      }
    }
    try (Stream<Path> all = Files.list(temp.resolve("source/blobs/sha256"))) {
      for (Path blob : all.toList()) {
        Files.copy(blob, blobs.resolve(blob.getFileName()));
      }
    }
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
            + image.digest()
            + "\",\"size\":"
            + Files.size(blobs.resolve(image.digest().manifest().hex()))
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"it\"}}]}");
    List<String> command =
        new ArrayList<>(List.of("skopeo", "copy", "--dest-tls-verify=false", "--insecure-policy"));
    command.addAll(List.of(options));
    command.addAll(List.of("oci:" + layout + ":it", "docker://" + host + "/" + name));
    Process skopeo = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(skopeo.waitFor()).as(said).isZero();
  }

  private StoredImage image() throws IOException {
    ImageConfig config =
        ImageConfig.newBuilder()
            .addEnv("A=1")
            .addCmd("/bin/app")
            .setUser("app")
            .setWorkingDir("/srv")
            .addExposedPorts("8080/tcp")
            .putLabels("k", "v")
            .build();
    LayerStore.Staging staged = source.layers().stage();
    Files.writeString(staged.path().resolve("hello"), "hello from a layer");
    try (Directory directory = Directory.open(staged.path())) {
      LayerTar.Measure measure = LayerTar.measure(directory, TestRoom.share());
      source.layers().publish(staged, measure.diffId(), measure.bytes(), measure.tarBytes());
      return source.create(config, List.of(measure.diffId()), "it");
    }
  }

  private static RegistrySource as(String user, String password) {
    return new RegistrySource(new RegistryCredentials(user, password), true);
  }

  private StoredImage pull(String name) throws IOException, InterruptedException {
    return store.pull(host + "/" + name, ANYBODY, p -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci", "v2s2"})
  void pullsWhatWasPushed(String format) throws Exception {
    StoredImage pushed = image();
    push(pushed, "team/app:1", "--format", format);
    StoredImage pulled = pull("team/app:1");
    assertThat(pulled.config()).isEqualTo(pushed.config());
    assertThat(pulled.layers()).isEqualTo(pushed.layers());
    assertThat(pulled.names()).containsExactly(host + "/team/app:1");
    assertThat(pulled.layerDirectories().get(0).resolve("hello")).hasContent("hello from a layer");
    assertThat(store("store").find(host + "/team/app:1").digest()).isEqualTo(pulled.digest());
    assertThat(pull("team/app@" + pulled.digest()).digest()).isEqualTo(pulled.digest());
  }

  @Test
  void zstdLayersArePulled() throws Exception {
    push(image(), "team/zstd:1", "--dest-compress-format", "zstd");
    assertThat(pull("team/zstd:1").layerDirectories().get(0).resolve("hello")).exists();
  }

  @Test
  void unknownImageIsAProblem() {
    assertThatThrownBy(() -> pull("nobody/nothing:1"))
        .hasMessageContaining("image.not-in-registry");
    assertThatThrownBy(() -> store.pull("127.0.0.1:1/a", ANYBODY, p -> {}))
        .hasMessageContaining("image.registry-failed");
    assertThatThrownBy(() -> store.pull("169.254.169.254/a", ANYBODY, p -> {}))
        .hasMessageContaining("image.registry-failed");
  }

  @Test
  void damagedContentNeverBecomesAnImage() throws Exception {
    push(image(), "team/app:1");
    List<Path> blobs;
    try (Stream<Path> all = Files.walk(temp.resolve("registry"))) {
      blobs = all.filter(p -> p.endsWith("data")).toList();
    }
    assertThat(blobs).hasSize(3);
    for (Path blob : blobs) {
      byte[] good = Files.readAllBytes(blob);
      byte[] bad = good.clone();
      bad[bad.length - 3] ^= 1;
      Files.write(blob, bad, StandardOpenOption.TRUNCATE_EXISTING);
      assertThatThrownBy(() -> pull("team/app:1")).hasMessageContaining("image.");
      assertThat(store.list()).isEmpty();
      assertThat(temp.resolve("store/tmp")).isEmptyDirectory();
      Files.write(blob, good, StandardOpenOption.TRUNCATE_EXISTING);
    }
    assertThat(pull("team/app:1").layers()).hasSize(1);
  }

  @Test
  void privateImageNeedsThePassword() throws Exception {
    push(image(), "team/app:1");
    stop();
    Path passwords = temp.resolve("htpasswd");
    // bcrypt of "secret"
    Files.writeString(
        passwords, "user:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");
    start("auth:\n  htpasswd:\n    realm: it\n    path: " + passwords + "\n");
    assertThatThrownBy(() -> pull("team/app:1")).hasMessageContaining("image.access-denied");
    assertThatThrownBy(() -> store.pull(host + "/team/app:1", as("user", "bad"), p -> {}))
        .hasMessageContaining("image.access-denied")
        .hasMessageNotContaining("bad");
    RegistrySource right = as("user", "secret");
    assertThat(store.pull(host + "/team/app:1", right, p -> {}).layers()).hasSize(1);
    assertThat(right.toString()).doesNotContain("secret");
  }

  @Test
  void tokenIsFetchedFromWhereTheRegistrySaysAndForThisImageAlone() throws Exception {
    push(image(), "team/app:1");
    stop();
    try (TokenServer tokens = new TokenServer(temp)) {
      start(tokens.settings());
      assertThatThrownBy(() -> pull("team/app:1")).hasMessageContaining("image.access-denied");
      assertThatThrownBy(() -> store.pull(host + "/team/app:1", as("user", "bad"), p -> {}))
          .hasMessageContaining("image.access-denied");
      assertThat(tokens.scopes).isEmpty();
      assertThat(store.pull(host + "/team/app:1", as("user", "secret"), p -> {}).layers())
          .hasSize(1);
      assertThat(tokens.scopes).isNotEmpty().containsOnly("repository:team/app:pull");
    }
  }

  @Test
  void buildsReachNoRegistryAtAPrivateAddress() throws Exception {
    push(image(), "team/app:1");
    RegistrySource build = new RegistrySource(RegistryCredentials.NONE, false);
    for (String at :
        new String[] {
          host,
          "localhost" + host.substring(host.indexOf(':')),
          "10.1.2.3",
          "192.168.1.1:5000",
          "172.16.0.1"
        }) {
      assertThatThrownBy(() -> store.pull(at + "/team/app:1", build, p -> {}))
          .hasMessageContaining("image.private-registry");
    }
    assertThat(store.list()).isEmpty();
  }
}
