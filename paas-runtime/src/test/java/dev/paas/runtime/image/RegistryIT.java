package dev.paas.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.PullImageRequest;
import dev.paas.contract.runtime.PushImageEvent;
import dev.paas.contract.runtime.PushImageRequest;
import dev.paas.runtime.archive.ArchiveCalls;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.content.TestRoom;
import dev.paas.runtime.layer.LayerStore;
import dev.paas.runtime.layer.LayerTar;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.registry.Json;
import dev.paas.runtime.registry.RegistryCredentials;
import dev.paas.runtime.registry.RegistryReach;
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
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
    return new RegistrySource(
        new RegistryCredentials(user, password), RegistryReach.PUBLIC.ofAdmin());
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
    RegistrySource build = new RegistrySource(RegistryCredentials.NONE, RegistryReach.PUBLIC);
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

  /** Some layers, each with content that does not compress. */
  private StoredImage layered(int layers) throws IOException {
    List<Sha256> diffIds = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < layers; i++) {
      byte[] content = new byte[200_000];
      random.nextBytes(content);
      LayerStore.Staging staged = source.layers().stage();
      Files.write(staged.path().resolve("file" + i), content);
      try (Directory directory = Directory.open(staged.path())) {
        LayerTar.Measure measure = LayerTar.measure(directory, TestRoom.share());
        source.layers().publish(staged, measure.diffId(), measure.bytes(), measure.tarBytes());
        diffIds.add(measure.diffId());
      }
    }
    return source.create(ImageConfig.getDefaultInstance(), diffIds, "layered");
  }

  private static ArchiveCalls archives(ImageStore from) {
    return new ArchiveCalls(from, RegistryReach.PUBLIC, Duration.ofMinutes(1), () -> {});
  }

  private String pushed(ImageStore from, String ref, String target, String user, String password)
      throws IOException, InterruptedException {
    List<PushImageEvent> events = new ArrayList<>();
    PushImageRequest request =
        PushImageRequest.newBuilder()
            .setRef(ref)
            .setTarget(host + "/" + target)
            .setUsername(user)
            .setPassword(password)
            .build();
    archives(from).push(request, events::add);
    return events.get(events.size() - 1).getDigest();
  }

  @Test
  void whatIsPushedIsPulledWithTheSameDigests() throws Exception {
    StoredImage image = layered(5);
    assertThat(pushed(source, "layered", "team/layered:1", "", ""))
        .isEqualTo(image.digest().toString());
    StoredImage pulled = pull("team/layered:1");
    assertThat(pulled.digest()).isEqualTo(image.digest());
    assertThat(pulled.layers()).isEqualTo(image.layers());
    assertThat(pushed(source, "layered", "team/layered:2", "", ""))
        .isEqualTo(image.digest().toString());
  }

  @Test
  void whatIsPushedIsReadByOthersWithTheSameDigests() throws Exception {
    StoredImage image = layered(3);
    pushed(source, "layered", "team/layered:1", "", "");
    Path copied = temp.resolve("copied");
    Process skopeo =
        new ProcessBuilder(
                "skopeo",
                "copy",
                "--src-tls-verify=false",
                "--insecure-policy",
                "docker://" + host + "/team/layered:1",
                "dir:" + copied)
            .redirectErrorStream(true)
            .start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(skopeo.waitFor()).as(said).isZero();
    byte[] manifest = Files.readAllBytes(copied.resolve("manifest.json"));
    assertThat(Sha256.of(manifest).value()).isEqualTo(image.digest().toString());
    JsonNode parsed = Json.read(manifest);
    assertThat(parsed.path("config").path("digest").asText())
        .isEqualTo(archives(source).inspect("layered").getConfigDigest());
    for (int i = 0; i < image.layers().size(); i++) {
      Sha256 layer = image.layers().get(i);
      assertThat(parsed.path("layers").get(i).path("digest").asText()).isEqualTo(layer.value());
      assertThat(Sha256.of(Files.readAllBytes(copied.resolve(layer.hex())))).isEqualTo(layer);
    }
  }

  @Test
  void compressedLayersThatTheRegistryHasKeepTheirManifest() throws Exception {
    push(image(), "team/app:1", "--dest-compress");
    StoredImage pulled = pull("team/app:1");
    assertThat(pushed(store, host + "/team/app:1", "team/app:2", "", ""))
        .isEqualTo(pulled.digest().toString());
    assertThat(pushed(store, host + "/team/app:1", "other/app:1", "", ""))
        .isNotEqualTo(pulled.digest().toString());
    assertThat(pull("other/app:1").layers()).isEqualTo(pulled.layers());
  }

  @Test
  void aPushProvesWhoSendsIt() throws Exception {
    layered(1);
    stop();
    Path passwords = temp.resolve("htpasswd-push");
    // bcrypt of "secret"
    Files.writeString(
        passwords, "user:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");
    start("auth:\n  htpasswd:\n    realm: r\n    path: " + passwords + "\n");
    assertThatThrownBy(() -> pushed(source, "layered", "team/x:1", "", ""))
        .hasMessageContaining("image.access-denied");
    assertThatThrownBy(() -> pushed(source, "layered", "team/x:1", "user", "bad"))
        .hasMessageContaining("image.access-denied");
    assertThat(pushed(source, "layered", "team/x:1", "user", "secret")).startsWith("sha256:");
  }

  @Test
  void aTokenForAPushIsAskedForWithItsRight() throws Exception {
    layered(1);
    stop();
    try (TokenServer tokens = new TokenServer(temp)) {
      start(tokens.settings());
      assertThat(pushed(source, "layered", "team/x:1", "user", "secret")).startsWith("sha256:");
      assertThat(tokens.scopes).isNotEmpty().containsOnly("repository:team/x:pull,push");
    }
  }

  @Test
  void whatIsLeftOfAPullThatFailedIsCollectedSoon() {
    AtomicInteger collections = new AtomicInteger();
    ImageCalls calls = new ImageCalls(store, RegistryReach.PUBLIC, 1, collections::incrementAndGet);
    PullImageRequest request =
        PullImageRequest.newBuilder().setRef(host + "/nobody/nothing:1").build();
    assertThatThrownBy(() -> calls.pull(request, e -> {}))
        .hasMessageContaining("image.not-in-registry");
    assertThat(collections).hasValue(1);
  }

  @Test
  void nobodyPushesToAPrivateAddressWhoMayNot() throws Exception {
    layered(1);
    PushImageRequest request =
        PushImageRequest.newBuilder()
            .setRef("layered")
            .setTarget(host + "/team/x:1")
            .setRestricted(true)
            .build();
    assertThatThrownBy(() -> archives(source).push(request, e -> {}))
        .hasMessageContaining("image.private-registry");
  }

  @Test
  void aBlobThatBreaksOffIsReadOn() throws Exception {
    StoredImage image = layered(4);
    assertThat(pushed(source, "layered", "team/layered:1", "", "")).isNotEmpty();
    int port = Integer.parseInt(host.substring(host.indexOf(':') + 1));
    try (CuttingProxy proxy = new CuttingProxy(port, 6)) {
      List<ImageStore.Progress> said = new CopyOnWriteArrayList<>();
      StoredImage pulled = store.pull(proxy.host() + "/team/layered:1", ANYBODY, said::add);
      assertThat(pulled.layers()).isEqualTo(image.layers());
      assertThat(proxy.asked).filteredOn(head -> head.contains("Range: bytes=")).hasSize(6);
      assertThat(said.get(said.size() - 1).what()).isEqualTo("4 of 4 layers");
      assertThat(said.get(said.size() - 1).doneBytes())
          .isEqualTo(said.get(said.size() - 1).totalBytes());
    }
  }
}
