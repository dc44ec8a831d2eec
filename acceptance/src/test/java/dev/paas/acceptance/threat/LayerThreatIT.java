package dev.paas.acceptance.threat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Archives and registries that mean harm, given to {@code paas image import} and {@code pull}: each
 * is refused with a reason and a fix, or what it wanted stays inside; the store is as it was.
 */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LayerThreatIT {

  private final Platform platform;
  private final Path folder;
  private final Path outside;
  private String outsideBefore = "";
  private Set<String> storeBefore = Set.of();

  LayerThreatIT(Platform platform) throws IOException {
    this.platform = platform;
    this.folder = Files.createDirectories(platform.scratch().resolve("hostile-layers"));
    this.outside = Files.createDirectories(folder.resolve("outside"));
    Files.writeString(outside.resolve("canary"), "of the host\n");
  }

  @BeforeEach
  void remember() throws IOException {
    outsideBefore = picture();
    storeBefore = store();
  }

  @AfterEach
  void nothingHasChanged() throws IOException {
    assertThat(picture()).isEqualTo(outsideBefore);
    assertThat(Path.of("/paas-escaped")).doesNotExist();
    // What lost its name is collected soon, not at once.
    Awaitility.await("nothing has come into the store")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(storeBefore).containsAll(store()));
  }

  @AfterAll
  void clean() {
    Command.of("rm", "-rf", folder.toString()).succeed();
    Aftermath.isClean(platform);
  }

  /** Each file outside with its owner, mode, links, size and time. */
  private String picture() {
    return Command.of("find", outside.toString(), "-printf", "%p %U %m %n %s %T@\n")
        .succeed()
        .out();
  }

  private Set<String> store() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String part : new String[] {"layers", "layer-records", "images", "blobs/sha256", "tmp"}) {
      try (Stream<Path> all = Files.list(platform.folder().resolve("data/runtime").resolve(part))) {
        all.map(path -> part + "/" + path.getFileName())
            .filter(name -> !name.equals("tmp/empty"))
            .forEach(names::add);
      }
    }
    return names;
  }

  private Command.Outcome imported(byte[] archive) throws IOException {
    Path file = Files.write(folder.resolve("archive"), archive);
    return platform.paas("image", "import", file.toString(), "--name", "hostile:1").run();
  }

  private static void assertRefused(String what, Command.Outcome outcome, String reason) {
    assertThat(outcome.exit()).as(what + ": " + outcome).isNotZero();
    assertThat(outcome.err()).as(what).contains("error: ").contains("fix: ").contains(reason);
    assertThat(outcome.all()).as(what).doesNotContain("Exception").doesNotContain("could not do");
  }

  private static byte[] gzip(byte[] content, int zeros) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
      byte[] some = new byte[1 << 20];
      for (int written = 0; written < zeros; written += some.length) {
        gzip.write(some);
      }
    }
    return out.toByteArray();
  }

  /** Archives, each with a word of the reason for which it is refused. */
  private static final class Archives {
    private final List<byte[]> contents = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();

    void put(byte[] content, String reason) {
      contents.add(content);
      reasons.add(reason);
    }
  }

  private Archives archives() throws IOException {
    String place = outside.toString();
    Archives all = new Archives();
    String climbs = "climbs with ..";
    String below = "below something that is no directory";
    all.put(new HostileTar().file("../paas-escaped", "x").bytes(), climbs);
    all.put(new HostileTar().file("a/../../../../../paas-escaped", "x").bytes(), climbs);
    all.put(new HostileTar().file("/../paas-escaped", "x").bytes(), climbs);
    all.put(new HostileTar().pax("path", "../paas-escaped").file("a", "x").bytes(), climbs);
    all.put(new HostileTar().symlink("a", place).file("a/canary", "hacked").bytes(), below);
    all.put(new HostileTar().symlink("a", place).file("a/.wh.canary", "").bytes(), below);
    all.put(new HostileTar().symlink("a", place).file("a/.wh..wh..opq", "").bytes(), below);
    all.put(new HostileTar().symlink("b", place).symlink("a", "b").file("a/x", "").bytes(), below);
    all.put(new HostileTar().file("a", "x").file("a/b", "x").bytes(), below);
    all.put(
        new HostileTar().symlink("a", "/").hardLink("h", "a" + place + "/canary").bytes(), below);
    all.put(new HostileTar().hardLink("h", "../../canary").bytes(), climbs);
    all.put(new HostileTar().hardLink("h", place + "/canary").bytes(), "leads to nothing");
    for (String whiteout : new String[] {".wh.", ".wh..", ".wh..."}) {
      all.put(new HostileTar().file("d/" + whiteout, "").bytes(), "whiteout");
    }
    all.put(new HostileTar().pax("path", "n".repeat(300)).file("a", "").bytes(), "longer than 255");
    all.put(new HostileTar().pax("path", "d/".repeat(300)).file("a", "").bytes(), "deeper than");
    // Sparse files: GNU's old form, pax, and a size that nobody has.
    all.put(new HostileTar().entry("sparse", 'S', "", new byte[0]).bytes(), "unknown type");
    all.put(
        new HostileTar().pax("GNU.sparse.realsize", "9000000000000").file("a", "").bytes(),
        "sparse");
    all.put(new HostileTar().header("huge", '0', "", 0x1_0000_0000L * 15).bytes(), "more than");
    all.put(new HostileTar().pax("size", "-1").file("a", "").bytes(), "no number");
    all.put(
        new HostileTar().pax("SCHILY.xattr.security.capability", "all").file("a", "").bytes(),
        "attribute");
    all.put(
        new HostileTar().entry("pax", 'x', "", new byte[2 << 20]).file("a", "").bytes(),
        "headers are longer");
    // Bombs, cuts and other things than archives.
    all.put(gzip(new HostileTar().file("a", "x").bytes(), 256 << 20), "bytes follow");
    byte[] good = new HostileTar().file("a", "x".repeat(4000)).bytes();
    byte[] packed = gzip(good, 0);
    all.put(Arrays.copyOf(good, 700), "cut off");
    all.put(Arrays.copyOf(packed, packed.length - 20), "cut off");
    all.put("not an archive at all ".repeat(100).getBytes(UTF_8), "archive");
    all.put(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 1, 2, 3}, "damaged");
    return all;
  }

  /** T8 in docs/reliability.md. */
  @Test
  void hostileArchivesAreRefusedAndLeaveNothing() throws IOException {
    Archives all = archives();
    for (int i = 0; i < all.reasons.size(); i++) {
      String reason = all.reasons.get(i);
      assertRefused(reason, imported(all.contents.get(i)), reason);
    }
  }

  /** T8 in docs/reliability.md. */
  @Test
  void whatAnArchiveMayHoldStaysInside() throws IOException {
    byte[] archive =
        new HostileTar()
            .file("/paas-escaped", "setuid, but only inside")
            .symlink("link", outside.toString())
            .hardLink("again", "link")
            .header("device", '3', "", 0)
            .header("disk", '4', "", 0)
            .pax("SCHILY.xattr.trusted.overlay.redirect", "/etc")
            .file("redirected", "x")
            .bytes();
    Command.Outcome outcome = imported(archive);
    assertThat(outcome.exit()).as(outcome.toString()).isZero();
    platform.paas("image", "rm", "hostile:1").succeed();
  }

  /** T8 in docs/reliability.md. */
  @Test
  void hostileRegistriesAreRefusedAndLeaveNothing() throws IOException {
    byte[] good = new HostileTar().file("hello", "from a registry").bytes();
    byte[] bad = new HostileTar().symlink("a", outside.toString()).file("a/canary", "x").bytes();
    byte[] other = good.clone();
    other[600] ^= 1;
    HostileRegistry.Content valid = HostileRegistry.Content.of(good);
    try (HostileRegistry registry = new HostileRegistry(folder.resolve("registry"))) {
      Map<String, String> images = new LinkedHashMap<>();
      images.put(registry.image("link", HostileRegistry.Content.of(bad)), "no directory");
      images.put(registry.image("long", valid.size(100)), "longer than announced");
      images.put(registry.image("short", valid.size(1 << 20)), "shorter than announced");
      images.put(registry.image("no-size", valid.size(-5)), "no size");
      images.put(registry.image("other", valid.diffId(HostileRegistry.digest(other))), "not what");
      images.put(registry.image("no-id", valid.diffId("sha256:../../x")), "not a digest");
      images.put(registry.image("arm", valid.architecture("s390x")), "no variant");
      images.put(registry.image("type", valid.type("application/x-sh")), "of type");
      images.put(registry.image("none", "{}", valid), "do not match");
      images.put(registry.image("text", "no json", valid), "no JSON");
      images.put(registry.image("bomb", "[" + "0,".repeat(300_000) + "0]", valid), "no JSON");
      images.put(registry.image("deep", "[".repeat(100_000), valid), "no JSON");
      images.put(registry.image("bad", HostileRegistry.Content.of(other)), "");
      registry.damage(HostileRegistry.digest(other), good);
      for (Map.Entry<String, String> image : images.entrySet()) {
        Command.Outcome pull = platform.paas("image", "pull", image.getKey()).run();
        assertRefused(image.getKey(), pull, image.getValue());
      }
      platform.paas("image", "pull", registry.image("good", valid)).succeed();
      platform.paas("image", "rm", registry.host() + "/good:1").succeed();
      buildsDoNotReachIt(registry.host() + "/good:1");
    }
  }

  /** A registry on the host's loopback is for its admin, not for whoever writes a Dockerfile. */
  private void buildsDoNotReachIt(String image) {
    Map<String, String> files = Map.of("Dockerfile", "FROM " + image + "\nCMD [\"x\"]\n");
    try (GitApp app = GitApp.of(platform, "inward", files)) {
      assertThat(app.push().fail().err()).contains("private address").contains("paas image pull");
    }
  }

  @Test
  void namesAndRegistriesThatAreNoneAreExplained() throws IOException {
    Path file = Files.write(folder.resolve("archive"), new HostileTar().file("a", "x").bytes());
    for (String name : new String[] {"UPPER", "a b", "../x", "x:y:z", "x@sha256:1", "a//b"}) {
      assertRefused(
          name,
          platform.paas("image", "import", file.toString(), "--name", name).run(),
          "not a name");
      assertRefused(name, platform.paas("image", "pull", name).run(), "not a name");
      assertRefused(name, platform.paas("image", "rm", name).run(), "not a name");
    }
    for (String name : new String[] {"apps/somebody:build-1", "docker.io/apps/x:1"}) {
      assertRefused(
          name,
          platform.paas("image", "import", file.toString(), "--name", name).run(),
          "belong to the builds");
      assertRefused(name, platform.paas("image", "pull", name).run(), "belong to the builds");
    }
    assertRefused("host", platform.paas("image", "pull", "registry.invalid/x:1").run(), "can't be");
    assertRefused(
        "port", platform.paas("image", "pull", "127.0.0.1:1/x:1").run(), "can't be reached");
    assertRefused(
        "metadata", platform.paas("image", "pull", "169.254.169.254/x:1").run(), "registry");
    assertRefused("absent", platform.paas("image", "rm", "nobody-has-this:1").run(), "no image");
    assertRefused(
        "file", platform.paas("image", "import", "/nowhere.tar", "--name", "x").run(), "");
  }
}
