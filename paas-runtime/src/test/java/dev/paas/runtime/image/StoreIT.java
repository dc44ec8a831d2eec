package dev.paas.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.ImportImageRequest;
import dev.paas.contract.runtime.ResolveImageRequest;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.content.TestRoom;
import dev.paas.runtime.registry.RegistryReach;
import dev.paas.runtime.tar.TestTar;
import dev.paas.runtime.tree.Tree;
import dev.paas.runtime.tree.TreeStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images, names, trees and their end, on a real file system. Needs root. */
final class StoreIT {

  private static final ImageConfig CONFIG = ImageConfig.newBuilder().addCmd("/bin/x").build();
  private static final TreeStore.Limits LIMITS = new TreeStore.Limits(1000, 10);

  private static final int MAKERS = 4;

  @TempDir Path temp;
  private ImageStore store;

  @BeforeEach
  void open() throws IOException {
    store = new ImageStore(temp, LIMITS, TestRoom.open(), Clock.systemUTC());
  }

  private StoredImage importTar(String name, TestTar tar) throws IOException {
    return store.importTar(name, CONFIG, tar.stream());
  }

  @Test
  void aNameThatCouldNotBeWrittenIsWrittenWhenItIsGivenAgain() throws IOException {
    StoredImage image = importTar("first", new TestTar().file("a", "hello"));
    Path obstacle = Files.createDirectory(temp.resolve("names.json.tmp"));
    assertThatThrownBy(() -> store.tag(image.digest(), "second"))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> store.untag("first")).isInstanceOf(UncheckedIOException.class);
    assertThat(store.find("first").names()).containsExactly("docker.io/library/first:latest");
    Files.delete(obstacle);
    assertThat(store.tag(image.digest(), "second")).isEmpty();
    open();
    assertThat(store.find("second").names()).hasSize(2);
  }

  @Test
  void everyCompressionGivesTheSameImage() throws IOException {
    byte[] tar = new TestTar().file("a", "hello").bytes();
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(tar);
    }
    StoredImage plain = store.importTar("plain", CONFIG, new ByteArrayInputStream(tar));
    StoredImage zipped =
        store.importTar("gzip", CONFIG, new ByteArrayInputStream(gzip.toByteArray()));
    StoredImage zstd =
        store.importTar("zstd", CONFIG, new ByteArrayInputStream(Zstd.compress(tar)));
    assertThat(plain.layers()).containsExactly(Sha256.of(tar));
    assertThat(zipped.digest()).isEqualTo(plain.digest());
    assertThat(zstd.digest()).isEqualTo(plain.digest());
    assertThat(zstd.names())
        .containsExactlyInAnyOrder(
            "docker.io/library/plain:latest",
            "docker.io/library/gzip:latest",
            "docker.io/library/zstd:latest");
    assertThat(plain.bytes()).isEqualTo(5);
    assertThat(plain.layerDirectories()).hasSize(1);
  }

  @Test
  void equalImagesThatAreMadeAtOnceAreOne() throws Exception {
    ExecutorService makers = Executors.newFixedThreadPool(MAKERS);
    try {
      for (int round = 0; round < 20; round++) {
        String content = "round " + round;
        List<Callable<StoredImage>> all = new ArrayList<>();
        for (int maker = 0; maker < MAKERS; maker++) {
          String name = "apps/a" + maker + ":build-" + round;
          all.add(() -> importTar(name, new TestTar().file("a", content)));
        }
        Set<ImageDigest> digests = new HashSet<>();
        for (Future<StoredImage> made : makers.invokeAll(all)) {
          digests.add(made.get().digest());
        }
        assertThat(digests).hasSize(1);
      }
    } finally {
      makers.shutdownNow();
    }
    assertThat(new ImageStore(temp, LIMITS, TestRoom.open(), Clock.systemUTC()).list()).hasSize(20);
  }

  @Test
  void nameLeadsToTheNewestImageAndUnknownOnesAreProblems() throws IOException {
    importTar("app", new TestTar().file("a", "1"));
    StoredImage second = importTar("app", new TestTar().file("a", "2"));
    assertThat(store.find("app").digest()).isEqualTo(second.digest());
    assertThat(store.find(second.digest().toString()).names())
        .containsExactly("docker.io/library/app:latest");
    assertThat(store.list()).hasSize(2);
    assertThatThrownBy(() -> store.find("nothing")).hasMessageContaining("image.not-found");
    assertThatThrownBy(() -> store.find(Sha256.of("x").value()))
        .hasMessageContaining("image.not-found");
    assertThat(store.untag("app")).isTrue();
    assertThat(store.untag("app")).isFalse();
  }

  @Test
  void repositoryLosesAllItsNamesAtOnce() throws IOException {
    StoredImage image = importTar("apps/shop:build-1", new TestTar().file("a", "1"));
    store.tag(image.digest(), "apps/shop:build-2");
    store.tag(image.digest(), "apps/shop2:build-1");
    store.untagRepository("apps/shop");
    assertThat(store.find(image.digest().toString()).names())
        .containsExactly("docker.io/apps/shop2:build-1");
  }

  @Test
  void collectorKeepsWhatIsNamedInUseOrCached() throws IOException {
    StoredImage named = importTar("named", new TestTar().file("a", "named"));
    StoredImage used = importTar("used", new TestTar().file("a", "used"));
    StoredImage cached = importTar("cached", new TestTar().file("a", "cached"));
    StoredImage dead = importTar("dead", new TestTar().file("a", "dead"));
    List.of("used", "cached", "dead").forEach(store::untag);
    assertThat(store.collectGarbage(() -> Set.of(used.digest()), () -> Set.copyOf(cached.layers())))
        .isTrue();
    assertThat(named.layerDirectories().get(0)).exists();
    assertThat(used.layerDirectories().get(0)).exists();
    assertThat(cached.layerDirectories().get(0)).exists();
    assertThat(dead.layerDirectories().get(0)).doesNotExist();
    assertThat(store.list().stream().map(StoredImage::digest))
        .containsExactlyInAnyOrder(named.digest(), used.digest());
    ImageStore again = new ImageStore(temp, LIMITS, TestRoom.open(), Clock.systemUTC());
    assertThat(again.list()).hasSize(2);
  }

  @Test
  void collectorDoesNothingWhileSomethingIsMade() throws Exception {
    StoredImage image = importTar("x", new TestTar().file("a", "x"));
    store.untag("x");
    ImageStore.Lease lease = store.lease();
    assertThat(store.collectGarbage(Set::of, Set::of)).isFalse();
    assertThat(image.layerDirectories().get(0)).exists();
    lease.close();
    assertThat(store.collectGarbage(Set::of, Set::of)).isTrue();
    assertThat(image.layerDirectories().get(0)).doesNotExist();
  }

  @Test
  void newStartRemovesWhatACrashLeft() throws IOException {
    StoredImage image = importTar("app", new TestTar().file("a", "1"));
    Files.createDirectories(temp.resolve("tmp/layer-7/half"));
    Files.createDirectories(temp.resolve("layers/0123456789abcdef/without-record"));
    Files.writeString(temp.resolve("layer-records/ffff"), "half a rec");
    Files.writeString(temp.resolve("images/" + "0".repeat(64) + ".json"), "{}");
    ImageStore again = new ImageStore(temp, LIMITS, TestRoom.open(), Clock.systemUTC());
    assertThat(temp.resolve("tmp")).isEmptyDirectory();
    assertThat(temp.resolve("layers")).isDirectoryNotContaining("glob:**without*");
    assertThat(temp.resolve("layers/0123456789abcdef")).doesNotExist();
    assertThat(temp.resolve("layer-records/ffff")).doesNotExist();
    assertThat(again.find("app").digest()).isEqualTo(image.digest());
  }

  @Test
  void imageWithoutItsLayerIsDropped() throws IOException {
    StoredImage image = importTar("app", new TestTar().file("a", "1"));
    Files.delete(temp.resolve("layer-records").resolve(image.layers().get(0).shortHex()));
    ImageStore again = new ImageStore(temp, LIMITS, TestRoom.open(), Clock.systemUTC());
    assertThat(again.list()).isEmpty();
    assertThat(again.lookUp("app")).isEmpty();
  }

  @Test
  void treeIsKnownByTheDigestOfItsTar() throws Exception {
    byte[] tar = new TestTar().file("a/b", "hello").symlink("l", "a").bytes();
    ImageCalls calls = new ImageCalls(store, RegistryReach.PUBLIC.ofAdmin(), 1, () -> {});
    List<ByteString> chunks =
        List.of(
            ByteString.copyFrom(tar, 0, 700),
            ByteString.EMPTY,
            ByteString.copyFrom(tar, 700, tar.length - 700));
    String digest = calls.putTree(chunks.iterator()).getDigest();
    assertThat(digest).isEqualTo(Sha256.of(tar).value());
    assertThat(calls.hasTree(digest)).isTrue();
    assertThat(calls.hasTree(Sha256.of("other").value())).isFalse();
    assertThat(calls.putTree(List.of(ByteString.copyFrom(tar)).iterator()).getEntries())
        .isEqualTo(3);
    Tree tree = store.trees().get(new Sha256(digest), TestRoom.share());
    assertThat(IntStream.range(0, tree.entries().size()).mapToObj(tree.entries()::path))
        .containsExactly("a", "a/b", "l");
    assertThat(tree.entries().get(tree.entries().find("a/b")).content())
        .isEqualTo(Sha256.of("hello"));
    assertThat(tree.directory().resolve("a/b")).hasContent("hello");
    assertThat(
            new ImageStore(temp, LIMITS, TestRoom.open(), Clock.systemUTC())
                .trees()
                .has(tree.digest()))
        .isTrue();
    assertThatThrownBy(() -> calls.hasTree("sha256:../../x"))
        .hasMessageContaining("image.bad-digest");
  }

  @Test
  void whileARegistryDoesNotAnswerTreesAndImportsArrive() throws Exception {
    ImageCalls calls = new ImageCalls(store, RegistryReach.PUBLIC.ofAdmin(), 1, () -> {});
    ExecutorService pulls = Executors.newFixedThreadPool(5);
    List<Future<?>> waiting = new ArrayList<>();
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String registry = "127.0.0.1:" + silent.getLocalPort();
      for (int i = 0; i < 5; i++) {
        ResolveImageRequest wanted =
            ResolveImageRequest.newBuilder().setRef(registry + "/x:" + i).setPull(true).build();
        waiting.add(pulls.submit(() -> calls.resolve(wanted)));
      }
      Socket asked = silent.accept(); // one of them is at the registry
      byte[] tar = new TestTar().file("a", "hello").bytes();
      assertThat(calls.putTree(List.of(ByteString.copyFrom(tar)).iterator()).getEntries())
          .isEqualTo(1);
      ImportImageRequest.Header header =
          ImportImageRequest.Header.newBuilder().setName("mine").build();
      assertThat(
              calls
                  .importImage(header, List.of(ByteString.copyFrom(tar)).iterator())
                  .getNamesList())
          .containsExactly("docker.io/library/mine:latest");
      assertThat(waiting).noneMatch(Future::isDone);
      asked.close();
    } finally {
      pulls.shutdownNow();
    }
  }

  @Test
  void treeBeyondItsLimitsOrWithStrangeEntriesIsRefused() {
    TestTar many = new TestTar();
    for (int i = 0; i < 11; i++) {
      many.file("f" + i, "");
    }
    assertThatThrownBy(() -> store.trees().put(many.stream()))
        .hasMessageContaining("build.source-too-large");
    assertThatThrownBy(
            () -> store.trees().put(new TestTar().file("f", new byte[1001], 0644, 0, 0).stream()))
        .hasMessageContaining("build.source-too-large");
    for (TestTar strange :
        List.of(
            new TestTar().device("null"),
            new TestTar().file("a", "").hardLink("b", "a"),
            new TestTar().file("../a", ""),
            new TestTar().file("a", "").file("a", ""),
            new TestTar().file("a", "").file("a/b", ""),
            new TestTar().symlink("a", "/tmp").file("a/b", ""),
            new TestTar().symlink("a", "/tmp").directory("a"))) {
      assertThatThrownBy(() -> store.trees().put(strange.stream()))
          .hasMessageContaining("image.unsafe-entry");
    }
    assertThat(temp.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void streamThatNeverEndsIsCutOff() {
    byte[] tar = new TestTar().file("a", "x").bytes();
    java.io.InputStream endless =
        new java.io.SequenceInputStream(
            new ByteArrayInputStream(tar),
            new java.io.InputStream() {
              @Override
              public int read() {
                return 0;
              }

              @Override
              public int read(byte[] target, int offset, int length) {
                Arrays.fill(target, offset, offset + length, (byte) 0);
                return length;
              }
            });
    assertThatThrownBy(() -> store.trees().put(endless)).hasMessageContaining("bytes follow");
    assertThatThrownBy(() -> store.importTar("endless", CONFIG, endless))
        .hasMessageContaining("image.");
  }

  @Test
  void treesGoWhenNobodyUsedThemForADay() throws IOException {
    Sha256 digest = store.trees().put(new TestTar().file("a", "x").stream()).digest();
    Instant later = Clock.systemUTC().instant().plus(Duration.ofHours(30));
    ImageStore tomorrow =
        new ImageStore(temp, LIMITS, TestRoom.open(), Clock.fixed(later, ZoneOffset.UTC));
    assertThat(tomorrow.collectGarbage(Set::of, Set::of)).isTrue();
    assertThat(tomorrow.trees().has(digest)).isFalse();
  }
}
