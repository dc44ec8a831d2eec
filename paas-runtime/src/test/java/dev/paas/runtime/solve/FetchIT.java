package dev.paas.runtime.solve;

import static dev.paas.runtime.solve.BuildBench.copy;
import static dev.paas.runtime.solve.BuildBench.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.FetchOp;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.Node;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.solve.fetch.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds that download, with a server on this host and real mounted layers. Needs root. */
final class FetchIT {

  private static final byte[] FIRST = "first".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SECOND = "second".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;
  private TestServer server;
  private BuildBench bench;
  private Node base;

  @BeforeEach
  void start() throws IOException {
    server = new TestServer();
    bench = bench(temp, "private-registries = true");
    base = image("base", "base");
  }

  private static BuildBench bench(Path folder, String setting) throws IOException {
    BuildBench made =
        new BuildBench(
            folder,
            spec -> {
              throw new IllegalStateException("this test runs nothing");
            },
            new RootFilesystems(
                Files.createDirectories(folder.resolve("run")),
                Files.createDirectories(folder.resolve("runtime"))),
            PlatformSettings.parse("test.toml", "[build]\n" + setting).build());
    made.images.importTar("base", ImageConfig.getDefaultInstance(), BuildBench.base().stream());
    return made;
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    try (var left = Files.list(bench.images.layers().temporary())) {
      assertThat(left.map(Path::toString).filter(name -> name.contains("download"))).isEmpty();
    }
    bench.close();
    server.close();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
  }

  private StoredImage fetched(String path, String checksum) throws Exception {
    Node fetch =
        Node.newBuilder()
            .setId("fetch")
            .setFetch(
                FetchOp.newBuilder().setUrl(server.url(path)).setName("tool").setChecksum(checksum))
            .build();
    return bench.solve(base, fetch, copy("copy", "base", copy("fetch", "/opt/", "tool")));
  }

  private String content(StoredImage image) throws IOException {
    try (RootView view = bench.view(image);
        FileHandle file = view.root().readInRoot("opt/tool")) {
      return new String(file.stream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aDownloadBelongsToRootHasItsTimeAndNobodyElseReadsIt() throws Exception {
    server.put("/t", FIRST, Map.of("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"));
    StoredImage image = fetched("/t", "");
    assertThat(content(image)).isEqualTo("first");
    try (RootView view = bench.view(image)) {
      FileStatus status = view.root().statusBeneath("opt/tool").orElseThrow();
      assertThat(status.permissions()).isEqualTo(0600);
      assertThat(List.of(status.uid(), status.gid())).containsExactly(0, 0);
      assertThat(status.mtimeSeconds()).isEqualTo(784_111_777L);
    }
  }

  @Test
  void whatTheChecksumSaysIsNotAskedForAgain() throws Exception {
    server.put("/t", FIRST, Map.of());
    String checksum = Sha256.of(FIRST).value();
    StoredImage image = fetched("/t", checksum);
    server.put("/t", SECOND, Map.of());
    assertThat(fetched("/t", checksum).digest()).isEqualTo(image.digest());
    assertThat(bench.cached("fetch")).isTrue();
    assertThat(server.sent()).isEqualTo(1);
  }

  @Test
  void aLieAboutTheChecksumIsRefusedAndNotKept() throws Exception {
    server.put("/t", SECOND, Map.of());
    String checksum = Sha256.of(FIRST).value();
    assertThatThrownBy(() -> fetched("/t", checksum))
        .hasMessageContaining("build.checksum-mismatch")
        .hasMessageContaining(checksum);
    server.put("/t", FIRST, Map.of());
    assertThat(content(fetched("/t", checksum))).isEqualTo("first");
    assertThat(bench.cached("fetch")).isFalse();
  }

  @Test
  void anEqualTagIsTheSameFileAndAnotherIsNot() throws Exception {
    server.put("/t", FIRST, Map.of("ETag", "\"1\""));
    assertThat(content(fetched("/t", ""))).isEqualTo("first");
    assertThat(content(fetched("/t", ""))).isEqualTo("first");
    assertThat(bench.cached("fetch")).isTrue();
    server.put("/t", SECOND, Map.of("ETag", "\"2\""));
    assertThat(content(fetched("/t", ""))).isEqualTo("second");
    assertThat(bench.cached("fetch")).isFalse();
  }

  @Test
  void withoutATagTheContentDecides() throws Exception {
    server.put("/t", FIRST, Map.of());
    assertThat(content(fetched("/t", ""))).isEqualTo("first");
    assertThat(content(fetched("/t", ""))).isEqualTo("first");
    assertThat(bench.cached("fetch")).isTrue();
    server.put("/t", SECOND, Map.of());
    assertThat(content(fetched("/t", ""))).isEqualTo("second");
  }

  @Test
  void thisHostIsNotForBuildsUnlessTheOperatorSaysSo(@TempDir Path other) throws Exception {
    server.put("/t", FIRST, Map.of());
    BuildBench open = bench;
    try (BuildBench closed = bench(other, "private-registries = false")) {
      bench = closed;
      assertThatThrownBy(() -> fetched("/t", "")).hasMessageContaining("build.private-address");
      assertThat(server.sent()).isZero();
    } finally {
      bench = open;
    }
  }
}
