package dev.paas.runtime.solve.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.paas.base.settings.DataSize;
import dev.paas.runtime.content.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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
    return Download.open(url, limits(address -> true));
  }

  private static Download.Limits limits(Download.Reach reach) {
    return new Download.Limits(new DataSize(1 << 20), Duration.ofMinutes(1), reach);
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

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\na part"})
  void aServerThatFallsSilentIsGivenUp(String said) throws Exception {
    try (RawServer silent = RawServer.holding(said)) {
      Download.Limits limits =
          new Download.Limits(new DataSize(1 << 20), Duration.ofSeconds(1), address -> true);
      assertThatThrownBy(() -> whole(Download.open(silent.url(), limits)))
          .hasMessageContaining("takes longer than 1 s");
    }
  }

  @Test
  void anInterruptEndsADownloadThatWaits() throws Exception {
    try (RawServer silent = RawServer.holding("")) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread waiting =
          new Thread(() -> thrown.set(catchThrowable(() -> whole(open(silent.url())))));
      waiting.start();
      silent.awaitRequest();
      waiting.interrupt();
      waiting.join();
      assertThat(thrown.get()).isExactlyInstanceOf(InterruptedIOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\npart",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npartpart\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\npart",
        "HTTP/1.1 200 OK\r\nContent-Len",
        "SSH-2.0-other\r\n\r\n",
      })
  void whatIsNotWholeIsNoFile(String answer) throws Exception {
    try (RawServer server = RawServer.closing(answer)) {
      assertThatThrownBy(() -> whole(open(server.url())))
          .hasMessageContaining("build.download-failed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwholeand more",
        "HTTP/1.0 200 OK\r\n\r\nwhole",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200\r\n\r\nwhole",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nwho\r\n2\r\nle\r\n0\r\n\r\n",
      })
  void itsEndIsWhereTheServerSaysSo(String answer) throws Exception {
    try (RawServer server = RawServer.closing(answer)) {
      assertThat(whole(open(server.url()))).isEqualTo("whole");
    }
  }

  @Test
  void aHeadHasABound() throws Exception {
    String endless = "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(20_000);
    try (RawServer server = RawServer.holding(endless)) {
      assertThatThrownBy(() -> open(server.url())).hasMessageContaining("its head is too long");
    }
  }

  @Test
  void aRedirectToWhatMayNotBeReachedIsNotFollowed() throws Exception {
    server.put("/secret", CONTENT, Map.of());
    String inside = server.url("/secret").replace("127.0.0.1", "127.0.0.2");
    server.fail("/moved", 302, Map.of("Location", inside));
    InetAddress outside = InetAddress.getLoopbackAddress();
    assertThatThrownBy(() -> Download.open(server.url("/moved"), limits(outside::equals)))
        .hasMessageContaining("build.private-address");
  }

  @Test
  void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() throws Exception {
    server.put("/tool", CONTENT, Map.of());
    URI elsewhere = URI.create(server.url("/tool").replace("127.0.0.1", "name.invalid"));
    List<InetAddress> checked = List.of(InetAddress.getLoopbackAddress());
    try (Cutoff cutoff = new Cutoff(Duration.ofMinutes(1));
        HttpGet got = HttpGet.send(elsewhere, checked, cutoff)) {
      assertThat(got.head().status()).isEqualTo(200);
    }
  }

  private String whole(Download opened) throws IOException {
    try (Download download = opened) {
      Sha256 unused = download.writeTo(temp.resolve("whole"));
      return Files.readString(temp.resolve("whole"));
    }
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
    assertThatThrownBy(() -> Download.open(url, limits(PublicAddresses::has)))
        .hasMessageFindingMatch("build.private-address|build.bad-url");
  }
}
