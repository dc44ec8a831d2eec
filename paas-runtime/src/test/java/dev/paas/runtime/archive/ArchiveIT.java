package dev.paas.runtime.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import dev.paas.base.name.PersonalApp;
import dev.paas.base.settings.DataSize;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.ImageDetails;
import dev.paas.contract.runtime.LoadImageRequest;
import dev.paas.contract.runtime.LoadImageResponse;
import dev.paas.contract.runtime.SaveImageRequest;
import dev.paas.contract.runtime.SaveImageRequest.Format;
import dev.paas.contract.runtime.TagImageRequest;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.content.TestRoom;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.registry.Json;
import dev.paas.runtime.registry.RegistryReach;
import dev.paas.runtime.tar.TestTar;
import dev.paas.runtime.tree.TreeStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of images, which skopeo reads and writes, too. Needs root. */
final class ArchiveIT {

  private static final ImageConfig CONFIG =
      ImageConfig.newBuilder().addCmd("/bin/app").addEnv("A=1").putLabels("k", "v").build();

  private static final Duration STALLED = Duration.ofMinutes(1);

  @TempDir Path temp;
  private ImageStore source;
  private ImageStore target;
  private ArchiveCalls from;
  private ArchiveCalls into;
  private int collections;

  @BeforeEach
  void open() throws IOException {
    source = store("source");
    target = store("target");
    from = new ArchiveCalls(source, RegistryReach.PUBLIC, STALLED, () -> {});
    into = new ArchiveCalls(target, RegistryReach.PUBLIC, STALLED, () -> collections++);
  }

  private ImageStore store(String name) throws IOException {
    return new ImageStore(
        temp.resolve(name), new TreeStore.Limits(1 << 20, 100), TestRoom.open(), Clock.systemUTC());
  }

  /** With what tars of other writers have and ours would not have in the same form. */
  private static TestTar unusual() {
    return new TestTar()
        .directory("etc/", 0755, 0, 0)
        .file("./etc/app.conf", "port = 1")
        .file("/etc/second", "x".repeat(70_000).getBytes(StandardCharsets.UTF_8), 04755, 7, 8)
        .withAttribute("etc/tagged", "t", "user.note", "n")
        .hardLink("etc/again", "etc/app.conf")
        .symlink("etc/link", "app.conf")
        .device("dev-null")
        .file("etc/.wh.gone", "")
        .file("deep/" + "a/".repeat(60) + "file", "below")
        .file("empty", "");
  }

  private StoredImage imported(String name) throws IOException {
    return source.importTar(name, CONFIG, unusual().stream());
  }

  private Path save(ArchiveCalls calls, String ref, Format format, String... names)
      throws IOException, InterruptedException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    SaveImageRequest request =
        SaveImageRequest.newBuilder()
            .setRef(ref)
            .setFormat(format)
            .addAllNames(List.of(names))
            .build();
    calls.save(request, piece -> archive.writeBytes(piece.toByteArray()));
    return Files.write(temp.resolve("saved-" + System.nanoTime() + ".tar"), archive.toByteArray());
  }

  private LoadImageResponse load(byte[] archive, LoadImageRequest.Header header)
      throws IOException, InterruptedException {
    List<ByteString> chunks = new ArrayList<>();
    for (int at = 0; at < archive.length; at += 10_007) {
      chunks.add(ByteString.copyFrom(archive, at, Math.min(10_007, archive.length - at)));
    }
    return into.load(header, chunks.iterator());
  }

  private LoadImageResponse load(byte[] archive) throws IOException, InterruptedException {
    return load(archive, LoadImageRequest.Header.getDefaultInstance());
  }

  private LoadImageResponse load(Path archive) throws IOException, InterruptedException {
    return load(Files.readAllBytes(archive));
  }

  private String skopeo(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(List.of(arguments));
    Process skopeo = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(skopeo.waitFor()).as(said).isZero();
    return said;
  }

  private ImageDetails details(ArchiveCalls calls, String ref) throws IOException {
    return calls.inspect(ref);
  }

  @ParameterizedTest
  @EnumSource(names = {"DOCKER_ARCHIVE", "OCI_LAYOUT"})
  void whatIsSavedIsReadByOthersWithTheSameDigests(Format format) throws Exception {
    StoredImage image = imported("app:1");
    Path archive = save(from, "app:1", format, "app:1");
    String transport =
        format == Format.OCI_LAYOUT ? "oci-archive:" + archive : "docker-archive:" + archive;
    Path copied = temp.resolve("copied");
    skopeo("copy", transport, "dir:" + copied);
    var manifest = Json.read(Files.readAllBytes(copied.resolve("manifest.json")));
    assertThat(manifest.path("config").path("digest").asText())
        .isEqualTo(details(from, "app:1").getConfigDigest());
    assertThat(manifest.path("layers").get(0).path("digest").asText())
        .isEqualTo(image.layers().get(0).value());
    if (format == Format.OCI_LAYOUT) {
      assertThat(skopeo("inspect", "--format", "{{.Digest}}", transport).strip())
          .isEqualTo(image.digest().toString());
    } else {
      assertThat(skopeo("list-tags", transport)).contains("\"app:1\"");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DOCKER_ARCHIVE", "OCI_LAYOUT"})
  void whatIsSavedIsLoadedAsTheSameImage(Format format) throws Exception {
    StoredImage image = imported("app:1");
    LoadImageResponse loaded = load(save(from, "app:1", format, "app:1", "quay.io/team/app:2"));
    assertThat(loaded.getImagesList()).hasSize(1);
    assertThat(loaded.getImages(0).getNamesList())
        .containsExactly("docker.io/library/app:1", "quay.io/team/app:2");
    assertThat(loaded.getImages(0).getImage().getDigest()).isEqualTo(image.digest().toString());
    assertThat(target.find("quay.io/team/app:2").config()).isEqualTo(image.config());
    assertThat(target.find("app:1").layerDirectories().get(0).resolve("etc/app.conf"))
        .hasContent("port = 1");
  }

  @Test
  void aLayerIsWrittenAgainAsItCame() throws Exception {
    byte[] tar = unusual().bytes();
    imported("app:1");
    Path archive = save(from, "app:1", Format.DOCKER_ARCHIVE, "app:1");
    Process extracted =
        new ProcessBuilder("tar", "-xOf", archive.toString(), Sha256.of(tar).hex() + ".tar")
            .start();
    assertThat(extracted.getInputStream().readAllBytes()).isEqualTo(tar);
    assertThat(extracted.waitFor()).isZero();
  }

  @Test
  void recipesOutliveARestartAndGoWithTheirLayer() throws Exception {
    imported("app:1");
    source.layers().flush();
    ImageStore again = store("source");
    assertThat(
            save(
                new ArchiveCalls(again, RegistryReach.PUBLIC, STALLED, () -> {}),
                "app:1",
                Format.OCI_LAYOUT))
        .isNotEmptyFile();
    assertThat(temp.resolve("source/layer-recipes")).isNotEmptyDirectory();
    again.untag("app:1");
    assertThat(again.collectGarbage(Set::of, Set::of)).isTrue();
    assertThat(temp.resolve("source/layer-recipes")).isEmptyDirectory();
  }

  @Test
  void aLayerWithoutItsRecipeIsRefusedBeforeAnythingIsSent() throws Exception {
    imported("app:1");
    try (Stream<Path> recipes = Files.list(temp.resolve("source/layer-recipes"))) {
      for (Path recipe : recipes.toList()) {
        Files.delete(recipe);
      }
    }
    List<ByteString> sent = new ArrayList<>();
    SaveImageRequest request = SaveImageRequest.newBuilder().setRef("app:1").build();
    assertThatThrownBy(() -> from.save(request, sent::add))
        .hasMessageContaining("image.not-reproducible");
    assertThat(sent).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "directory", "link"})
  void aTarWithANameTwiceIsRefusedBeforeAnythingIsSent(String second) throws Exception {
    TestTar tar = new TestTar().file("b", "other").file("a", "first, and longer");
    source.importTar(
        "twice:1",
        CONFIG,
        switch (second) {
          case "file" -> tar.file("a", "second").stream();
          case "directory" -> tar.directory("a").stream();
          default -> tar.hardLink("a", "b").stream();
        });
    List<ByteString> sent = new ArrayList<>();
    SaveImageRequest request = SaveImageRequest.newBuilder().setRef("twice:1").build();
    assertThatThrownBy(() -> from.save(request, sent::add))
        .hasMessageContaining("image.not-reproducible");
    assertThat(sent).isEmpty();
    assertThat(temp.resolve("source/layer-recipes")).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"DOCKER_ARCHIVE,manifest.json", "OCI_LAYOUT,index.json"})
  void whatMakesAnArchiveWholeComesLast(Format format, String last) throws Exception {
    imported("app:1");
    Path archive = save(from, "app:1", format, "app:1");
    Process listed = new ProcessBuilder("tar", "-tf", archive.toString()).start();
    List<String> names =
        new String(listed.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(names).contains(last).last().isEqualTo(last);
  }

  @Test
  void whatANameLedToBeforeIsSaid() throws Exception {
    StoredImage first = imported("app:1");
    byte[] archive = Files.readAllBytes(save(from, "app:1", Format.OCI_LAYOUT, "app:1"));
    String name = "docker.io/library/app:1";
    assertThat(load(archive).getImages(0).getImage().getGivenList())
        .containsExactly(Image.Given.newBuilder().setName(name).build());
    StoredImage second = source.importTar("app:1", CONFIG, new TestTar().file("b", "2").stream());
    assertThat(
            load(Files.readAllBytes(save(from, "app:1", Format.OCI_LAYOUT, "app:1")))
                .getImages(0)
                .getImage()
                .getGivenList())
        .containsExactly(
            Image.Given.newBuilder().setName(name).setBefore(first.digest().toString()).build());
    TagImageRequest back =
        TagImageRequest.newBuilder().setRef(first.digest().toString()).setName("app:1").build();
    assertThat(into.tag(back).getGiven(0).getBefore()).isEqualTo(second.digest().toString());
  }

  @Test
  void aRecipeCountsForWhoeverHasTheLayer() throws Exception {
    StoredImage image = imported("app:1");
    long recipe = source.layers().recipeBytes(source.layers().get(image.layers().get(0)));
    assertThat(recipe).isGreaterThan(100);
    byte[] archive = Files.readAllBytes(save(from, "app:1", Format.OCI_LAYOUT, "app:1"));
    byte[] twoLayers = Files.readAllBytes(save(from, twoLayers(), Format.OCI_LAYOUT, "two:1"));
    LoadImageRequest.Header room =
        LoadImageRequest.Header.newBuilder().setMaxBytes(image.bytes() + 100).build();
    assertThat(load(archive, room).getImagesList()).hasSize(1);
    assertThatThrownBy(() -> load(twoLayers, room)).hasMessageContaining("image.too-large");
  }

  /** Layers of one byte each, whose headers are the most of them. */
  private String twoLayers() throws Exception {
    StoredImage image = imported("app:1");
    StoredImage small = source.importTar("small:1", CONFIG, new TestTar().file("s", "1").stream());
    return source
        .create(CONFIG, List.of(image.layers().get(0), small.layers().get(0)), "two:1")
        .digest()
        .toString();
  }

  @Test
  void nothingIsTakenInWhereOnlyTheReserveIsLeft() throws Exception {
    imported("app:1");
    byte[] archive = Files.readAllBytes(save(from, "app:1", Format.OCI_LAYOUT, "app:1"));
    ImageStore full =
        new ImageStore(
            temp.resolve("full"),
            new TreeStore.Limits(1 << 20, 100),
            TestRoom.open(),
            Clock.systemUTC(),
            new DiskSpace(temp, new DataSize(Long.MAX_VALUE)));
    ArchiveCalls calls = new ArchiveCalls(full, RegistryReach.PUBLIC, STALLED, () -> {});
    assertThatThrownBy(
            () ->
                calls.load(
                    LoadImageRequest.Header.getDefaultInstance(),
                    List.of(ByteString.copyFrom(archive)).iterator()))
        .hasMessageContaining("disk.full");
    assertThat(full.list()).isEmpty();
    assertThat(temp.resolve("full/tmp")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker-archive", "oci-archive"})
  void archivesOfSkopeoAreLoaded(String transport) throws Exception {
    StoredImage image = imported("app:1");
    Path saved = save(from, "app:1", Format.OCI_LAYOUT, "app:1");
    Path archive = temp.resolve("skopeo.tar");
    skopeo("copy", "oci-archive:" + saved, transport + ":" + archive + ":team/app:3");
    LoadImageResponse loaded = load(archive);
    assertThat(loaded.getImages(0).getNamesList()).containsExactly("docker.io/team/app:3");
    assertThat(target.find("team/app:3").layers()).isEqualTo(image.layers());
    assertThat(details(into, "team/app:3").getConfigDigest())
        .isEqualTo(details(from, "app:1").getConfigDigest());
  }

  @Test
  void aLayoutOfCompressedLayersKeepsItsManifest() throws Exception {
    StoredImage image = imported("app:1");
    Path saved = save(from, "app:1", Format.OCI_LAYOUT, "app:1");
    Path layout = temp.resolve("layout");
    skopeo("copy", "--dest-compress", "oci-archive:" + saved, "dir:" + temp.resolve("dir"));
    skopeo(
        "copy", "--format", "oci", "dir:" + temp.resolve("dir"), "oci:" + layout + ":team/app:4");
    String digest = skopeo("inspect", "--format", "{{.Digest}}", "oci:" + layout).strip();
    Path archive = temp.resolve("layout.tar.gz");
    assertThat(
            new ProcessBuilder("tar", "-czf", archive.toString(), "-C", layout.toString(), ".")
                .start()
                .waitFor())
        .isZero();
    LoadImageResponse loaded = load(archive);
    assertThat(loaded.getImages(0).getImage().getDigest()).isEqualTo(digest);
    assertThat(details(into, "team/app:4").getLayers(0).getMediaType()).endsWith("gzip");
    assertThat(target.find("team/app:4").layers()).isEqualTo(image.layers());
    Path again = save(into, "team/app:4", Format.DOCKER_ARCHIVE, "team/app:4");
    skopeo("copy", "docker-archive:" + again, "dir:" + temp.resolve("again"));
    assertThat(temp.resolve("again").resolve(image.layers().get(0).hex())).exists();
  }

  @Test
  void whatAUserLoadsHasTheUsersName() throws Exception {
    imported("app:1");
    byte[] archive =
        Files.readAllBytes(
            save(from, "app:1", Format.DOCKER_ARCHIVE, "app:1", "quay.io/team/app", "ann/x:2"));
    LoadImageRequest.Header anns = LoadImageRequest.Header.newBuilder().setOwner("ann").build();
    assertThat(load(archive, anns).getImages(0).getNamesList())
        .containsExactlyInAnyOrder(
            "docker.io/users/ann/app:1",
            "docker.io/users/ann/team/app:latest",
            "docker.io/users/ann/x:2");
    assertThat(target.find("users/ann/x:2").isOpenTo(new AppName("shop"))).isFalse();
    assertThat(target.find("users/ann/x:2").isOpenTo(PersonalApp.of("ann"))).isTrue();
    assertThat(target.find("users/ann/x:2").isOpenTo(PersonalApp.of("bob"))).isFalse();
    LoadImageRequest.Header named = anns.toBuilder().setName("users/ann/other:1").build();
    assertThat(load(archive, named).getImages(0).getNamesList())
        .containsExactly("docker.io/users/ann/other:1");
    LoadImageRequest.Header small = anns.toBuilder().setMaxBytes(1000).build();
    assertThatThrownBy(() -> load(archive, small)).hasMessageContaining("image.too-large");
    assertThat(collections).isEqualTo(1);
  }

  @Test
  void anImageGetsOneMoreNameButNoneOfAnApp() throws Exception {
    StoredImage image = imported("app:1");
    assertThat(
            from.tag(TagImageRequest.newBuilder().setRef("app:1").setName("other").build())
                .getNamesList())
        .containsExactly("docker.io/library/app:1", "docker.io/library/other:latest");
    assertThat(source.find("other").digest()).isEqualTo(image.digest());
    String digest = image.digest().toString();
    String kept = "apps/shop:image-" + digest.substring("sha256:".length());
    assertThat(
            from.tag(TagImageRequest.newBuilder().setRef(digest).setName(kept).build())
                .getNamesList())
        .contains("docker.io/" + kept);
    String another = "apps/shop:image-" + "0".repeat(64);
    assertThat(
            from.tag(TagImageRequest.newBuilder().setRef(digest).setName("build-1").build())
                .getNamesList())
        .contains("docker.io/library/build-1:latest");
    assertThatThrownBy(
            () ->
                from.tag(
                    TagImageRequest.newBuilder()
                        .setRef("build-1")
                        .setName("apps/shop:build-1")
                        .build()))
        .hasMessageContaining("image.reserved-name");
    for (String name : List.of("apps/shop:build-1", another, kept, "x@" + digest, "No Name")) {
      TagImageRequest request = TagImageRequest.newBuilder().setRef("app:1").setName(name).build();
      assertThatThrownBy(() -> from.tag(request)).hasMessageContaining("image.");
    }
  }

  @Test
  void inspectionSaysWhatTheDocumentsSay() throws Exception {
    StoredImage image = imported("app:1");
    ImageDetails details = details(from, "app:1");
    assertThat(details.getImage().getDigest()).isEqualTo(image.digest().toString());
    assertThat(details.getImage().getConfig()).isEqualTo(CONFIG);
    assertThat(details.getOs()).isEqualTo("linux");
    assertThat(details.getLayers(0).getDiffId()).isEqualTo(image.layers().get(0).value());
    assertThat(details.getLayers(0).getPackedBytes()).isEqualTo(unusual().bytes().length);
    assertThat(details.getManifestBytes()).isPositive();
  }

  /** A docker archive, whose parts tests spoil. */
  private static final class Parts {
    final byte[] layer = new TestTar().file("a", "hello").bytes();
    String diffId = Sha256.of(layer).value();
    String layerName = "layer.tar";
    Optional<String> configName = Optional.empty();
    String platform = "\"os\":\"linux\"";
    String tag = "app:1";

    TestTar tar() {
      byte[] config =
          ("{" + platform + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + diffId + "\"]}}")
              .getBytes(StandardCharsets.UTF_8);
      String name = configName.orElse(Sha256.of(config).hex() + ".json");
      return new TestTar()
          .file(name, config, 0644, 0, 0)
          .file(
              "manifest.json",
              "[{\"Config\":\""
                  + name
                  + "\",\"RepoTags\":[\""
                  + tag
                  + "\"],\"Layers\":[\""
                  + layerName
                  + "\"]}]")
          .file("layer.tar", layer, 0644, 0, 0);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // written once, never changed
  private record Lie(String what, String code, byte[] archive) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Lie> lies() throws IOException {
    List<Lie> lies = new ArrayList<>();
    Parts other = new Parts();
    other.diffId = Sha256.of("other").value();
    lies.add(new Lie("another layer", "image.digest-mismatch", other.tar().bytes()));
    Parts renamed = new Parts();
    renamed.configName = Optional.of("0".repeat(64) + ".json");
    lies.add(new Lie("another configuration", "image.digest-mismatch", renamed.tar().bytes()));
    Parts missing = new Parts();
    missing.layerName = "nowhere.tar";
    lies.add(new Lie("no such layer", "image.bad-manifest", missing.tar().bytes()));
    Parts climbing = new Parts();
    climbing.layerName = "../../etc/passwd";
    lies.add(new Lie("a layer elsewhere", "image.unsafe-entry", climbing.tar().bytes()));
    Parts foreign = new Parts();
    foreign.platform = "\"os\":\"linux\",\"architecture\":\"s390x\"";
    lies.add(new Lie("for another machine", "image.no-platform", foreign.tar().bytes()));
    Parts reserved = new Parts();
    reserved.tag = "apps/shop:build-1";
    lies.add(new Lie("the name of an app", "image.reserved-name", reserved.tar().bytes()));
    lies.add(
        new Lie(
            "a link out of it",
            "image.unsafe-entry",
            new Parts().tar().symlink("x/layer.tar", "../../../etc/shadow").bytes()));
    lies.add(
        new Lie(
            "a path out of it", "image.unsafe-entry", new Parts().tar().file("../x", "").bytes()));
    lies.add(new Lie("a device", "image.unsafe-entry", new Parts().tar().device("null").bytes()));
    lies.add(
        new Lie(
            "an entry twice",
            "image.bad-archive",
            new Parts().tar().file("layer.tar", "").bytes()));
    lies.add(new Lie("no image", "image.no-image-in-archive", new TestTar().file("a", "").bytes()));
    byte[] whole = new Parts().tar().bytes();
    lies.add(new Lie("half of it", "image.bad-archive", Arrays.copyOf(whole, whole.length / 2)));
    lies.add(new Lie("a layer that climbs", "image.unsafe-entry", climbingLayer()));
    lies.add(new Lie("a blob of another digest", "image.digest-mismatch", layout("size", 0, true)));
    lies.add(new Lie("a wrong size", "image.digest-mismatch", layout("size", 1, false)));
    lies.add(new Lie("a wrong packing", "image.bad-manifest", layout("+gzip", 0, false)));
    lies.add(new Lie("an unknown type", "image.bad-manifest", layout("+xz", 0, false)));
    return lies;
  }

  private static byte[] climbingLayer() {
    byte[] layer = new TestTar().file("../../evil", "x").bytes();
    return new TestTar().file("layer.tar", layer, 0644, 0, 0).bytes();
  }

  /** An OCI layout with one thing that is not so. */
  private static byte[] layout(String suffix, int more, boolean damaged) throws IOException {
    byte[] layer = new TestTar().file("a", "hello").bytes();
    byte[] config =
        ("{\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + Sha256.of(layer)
                + "\"]}}")
            .getBytes(StandardCharsets.UTF_8);
    String type = "application/vnd.oci.image.layer.v1.tar" + (suffix.equals("size") ? "" : suffix);
    Map<String, Object> manifest = new TreeMap<>();
    manifest.put("schemaVersion", 2);
    manifest.put(
        "config",
        descriptor("application/vnd.oci.image.config.v1+json", Sha256.of(config), config.length));
    manifest.put("layers", List.of(descriptor(type, Sha256.of(layer), layer.length + more)));
    byte[] written = Json.write(manifest);
    Map<String, Object> entry =
        descriptor(
            "application/vnd.oci.image.manifest.v1+json", Sha256.of(written), written.length);
    entry.put("annotations", Map.of("io.containerd.image.name", "docker.io/library/app:1"));
    return new TestTar()
        .file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
        .file("index.json", Json.write(Map.of("manifests", List.of(entry))), 0644, 0, 0)
        .file("blobs/sha256/" + Sha256.of(written).hex(), written, 0644, 0, 0)
        .file("blobs/sha256/" + Sha256.of(config).hex(), config, 0644, 0, 0)
        .file(
            "blobs/sha256/" + (damaged ? "0".repeat(64) : Sha256.of(layer).hex()),
            layer,
            0644,
            0,
            0)
        .bytes();
  }

  private static Map<String, Object> descriptor(String type, Sha256 digest, long size) {
    Map<String, Object> out = new TreeMap<>();
    out.put("mediaType", type);
    out.put("digest", digest.value());
    out.put("size", size);
    return out;
  }

  @ParameterizedTest
  @MethodSource("lies")
  void anArchiveThatLiesIsRefusedAndLeavesNoImage(Lie lie) {
    assertThatThrownBy(() -> load(lie.archive())).hasMessageContaining(lie.code());
    assertThat(target.list()).isEmpty();
    assertThat(temp.resolve("target/tmp")).isEmptyDirectory();
    assertThat(collections).isEqualTo(1);
  }

  @Test
  void theSamePartsUnspoiltAreLoaded() throws Exception {
    assertThat(load(new Parts().tar().bytes()).getImages(0).getNamesList())
        .containsExactly("docker.io/library/app:1");
    assertThat(load(layout("", 0, false)).getImages(0).getNamesList())
        .containsExactly("docker.io/library/app:1");
  }

  @Test
  void equalLayersThatDockerWroteAsLinksAreFollowed() throws Exception {
    Parts linked = new Parts();
    linked.layerName = "abc/layer.tar";
    byte[] archive = linked.tar().symlink("abc/layer.tar", "../layer.tar").bytes();
    assertThat(load(archive).getImages(0).getImage().getLayersList()).hasSize(1);
  }
}
