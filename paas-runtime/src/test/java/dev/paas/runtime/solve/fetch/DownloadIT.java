package dev.paas.runtime.solve.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.settings.DataSize;
import dev.paas.base.time.Ticker;
import dev.paas.runtime.content.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a real server on this host. */
final class DownloadIT {

  private static final byte[] CONTENT = "a tool\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;
  private TestServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new TestServer();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Download open(String url) throws IOException {
    return Download.open(url, limits(true), Ticker.system());
  }

  private static Download.Limits limits(boolean privateAddresses) {
    return new Download.Limits(new DataSize(1 << 20), Duration.ofMinutes(1), privateAddresses);
  }

  @Test
  void aFileArrivesWithItsDigestAndTime() throws IOException {
    server.put(
        "/tool",
        CONTENT,
        Map.of("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT", "ETag", "\"v1\""));
    Path file = temp.resolve("file");
    try (Download download = open(server.url("/tool"))) {
      assertThat(download.validator()).contains("\"v1\"");
      assertThat(download.lastModified()).isEqualTo(784_111_777L);
      assertThat(download.writeTo(file)).isEqualTo(Sha256.of(CONTENT));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
  }

  @Test
  void aWeakTagSaysNothing() throws IOException {
    server.put("/weak", CONTENT, Map.of("ETag", "W/\"v1\""));
    try (Download download = open(server.url("/weak"))) {
      assertThat(download.validator()).isEmpty();
      assertThat(download.lastModified()).isZero();
    }
  }

  @Test
  void redirectsAreFollowedWithinABound() throws IOException {
    server.put("/tool", CONTENT, Map.of());
    server.fail("/moved", 302, Map.of("Location", "/tool"));
    try (Download download = open(server.url("/moved"))) {
      assertThat(download.writeTo(temp.resolve("file"))).isEqualTo(Sha256.of(CONTENT));
    }
    server.fail("/round", 307, Map.of("Location", "/round"));
    assertThatThrownBy(() -> open(server.url("/round")))
        .hasMessageContaining("build.download-failed")
        .hasMessageContaining("more than 5 times");
    server.fail("/nowhere", 301, Map.of());
    assertThatThrownBy(() -> open(server.url("/nowhere"))).hasMessageContaining("to nowhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/shadow", "ftp://127.0.0.1/x", "http://u:p@127.0.0.1/", "http:/x"})
  void noRedirectLeadsToAnythingButHttp(String target) {
    server.fail("/out", 302, Map.of("Location", target));
    assertThatThrownBy(() -> open(server.url("/out")))
        .hasMessageFindingMatch("build.bad-url|build.download-failed");
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeOrWhileItArrives() {
    byte[] large = new byte[(1 << 20) + 1];
    server.put("/said", large, Map.of());
    server.putInChunks("/unsaid", large);
    for (String path : new String[] {"/said", "/unsaid"}) {
      assertThatThrownBy(
              () -> {
                try (Download download = open(server.url(path))) {
                  Sha256 unused = download.writeTo(temp.resolve("large"));
                }
              })
          .hasMessageContaining("build.download-too-large");
    }
  }

  @Test
  void whatTakesTooLongIsGivenUp() {
    server.put("/slow", CONTENT, Map.of());
    AtomicLong now = new AtomicLong();
    Ticker leaping = () -> now.getAndAdd(Duration.ofSeconds(40).toNanos());
    assertThatThrownBy(
            () -> {
              try (Download download = Download.open(server.url("/slow"), limits(true), leaping)) {
                Sha256 unused = download.writeTo(temp.resolve("slow"));
              }
            })
        .hasMessageContaining("takes longer than 60 seconds");
  }

  @Test
  void whatIsNotThereOrCannotBeReachedIsSaid() throws IOException {
    assertThatThrownBy(() -> open(server.url("/absent"))).hasMessageContaining("answered 404");
    String gone = server.url("/tool");
    server.close();
    assertThatThrownBy(() -> open(gone)).hasMessageContaining("can't be reached");
    server = new TestServer();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "https://10.0.0.1/",
      })
  void privateAddressesAreNotReached(String url) {
    assertThatThrownBy(() -> Download.open(url, limits(false), Ticker.system()))
        .hasMessageFindingMatch("build.private-address|build.bad-url");
  }
}
