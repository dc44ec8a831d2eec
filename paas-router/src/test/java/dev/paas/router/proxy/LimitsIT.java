package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long the router waits for instances and clients, and how many connections it takes. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class LimitsIT {

  /** Each wait is short and differs from the others. */
  private static final PlatformSettings.Router IMPATIENT =
      TestRouter.limits(
          """
          http = "127.0.0.1:0"
          connect-timeout = "300ms"
          response-timeout = "400ms"
          idle-timeout = "500ms"
          header-timeout = "300ms"
          tunnel-idle = "400ms"
          drain-timeout = "2s"
          max-connections = 20
          max-headers = "16KiB"
          max-held = "1MiB"
          min-rate = "1KiB"
          send-timeout = "500ms"
          linger-timeout = "500ms"
          """);

  @TempDir Path folder;
  private TestRouter router;

  @BeforeEach
  void start() throws IOException {
    router = TestRouter.start(folder, IMPATIENT);
  }

  @AfterEach
  void stop() throws IOException {
    router.close();
  }

  @Test
  void anInstanceThatAcceptsNothingIsATimeout() throws IOException {
    // A listener whose backlog is full leaves further connections without an answer.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Wire one = Wire.to((InetSocketAddress) full.getLocalSocketAddress());
        Wire two = Wire.to((InetSocketAddress) full.getLocalSocketAddress())) {
      assertThat(one.socket().isConnected() && two.socket().isConnected()).isTrue();
      router.publish(
          table ->
              table.addRoutes(
                  TestRouter.app(List.of(TestRouter.backend("full", full.getLocalPort())))));
      assertThat(router.get("app.test"))
          .startsWith("HTTP/1.1 504 ")
          .contains("router.connect-timeout");
    }
  }

  @Test
  void anInstanceThatNeverAnswersIsATimeout() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    try (Origin origin = Origin.serving(wire -> holdUntil(end))) {
      router.route(origin);
      assertThat(router.get("app.test"))
          .startsWith("HTTP/1.1 504 ")
          .contains("router.response-timeout");
    } finally {
      end.countDown();
    }
  }

  @Test
  void aSlowHeadIsTimedOutAndASilentConnectionClosed() throws IOException {
    try (Wire client = router.connect()) {
      client.send("GET / HTTP/1.1\r\nHo");
      assertThat(client.rest()).startsWith("HTTP/1.1 408 ").contains("router.request-timeout");
    }
    try (Wire client = router.connect()) {
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aBodyThatStopsComingIsTimedOut() throws IOException {
    try (Origin origin = Origin.named("x");
        Wire client = router.connect()) {
      router.route(origin);
      client.send("POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 10\r\n\r\nhalf");
      assertThat(client.rest()).startsWith("HTTP/1.1 408 ").contains("router.request-timeout");
    }
  }

  @Test
  void aBodyThatComesByteByByteForEverIsEnded() throws IOException {
    try (Origin origin = Origin.named("x");
        Wire client = router.connect()) {
      router.route(origin);
      client.send("POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 100000\r\n\r\n");
      // Each byte is in time, all of them are not.
      await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(Duration.ofSeconds(8))
          .until(
              () -> {
                client.trySend("b");
                return router.accessLog().contains("slower than router.min-rate");
              });
      assertThat(client.rest()).startsWith("HTTP/1.1 408 ").contains("router.request-timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void anAnswerThatIsNotReadOrHardlyIsEnded(int bytesAtOnce) throws IOException {
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n");
          wire.send(new byte[30_000_000]);
        };
    try (Origin origin = Origin.serving(service);
        Wire client = Wire.withSmallBuffer(router.address())) {
      router.route(origin);
      client.send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");
      await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(Duration.ofSeconds(8))
          .until(
              () -> {
                client.bytes(bytesAtOnce);
                return router.accessLog().contains("router.client-stalled");
              });
      await().until(() -> router.process().budget().bytes() == 0);
    }
  }

  @Test
  void aSilentTunnelIsClosed() throws IOException {
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
          wire.read();
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      client.send("GET / HTTP/1.1\r\nHost: app.test\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 101 ");
      await().until(() -> router.accessLog().contains("router.tunnel-idle"));
    }
  }

  private static void holdUntil(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }
}
