package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an app and its clients see of the router. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
class RelayIT {

  @TempDir Path folder;
  private TestRouter router;

  /** How clients come. */
  PlatformSettings.Router settings() {
    return TestRouter.QUICK;
  }

  /** By which scheme that is. */
  String scheme() {
    return "http";
  }

  @BeforeEach
  void start() throws IOException {
    router = TestRouter.start(folder, settings());
  }

  @AfterEach
  void stop() throws IOException {
    router.close();
  }

  @Test
  void aRequestReachesTheInstanceAndItsAnswerComesBack() throws IOException {
    try (Origin origin = Origin.named("hello")) {
      router.route(origin);
      String answer = router.get("app.test");
      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
      assertThat(answer).contains("\r\nX-Request-Id: ").contains("\r\nConnection: close\r\n");
    }
  }

  @Test
  void theInstanceIsToldWhoAskedAndNotWhatTheClientClaims() throws IOException {
    try (Origin origin = Origin.named("x");
        Wire client = router.connect()) {
      router.route(origin);
      client
          .send(
              "GET /a?b HTTP/1.1\r\nHost: App.Test.:8080\r\nX-Forwarded-For: 6.6.6.6\r\n"
                  + "X-Forwarded-Proto: https\r\nX-Request-Id: forged\r\nForwarded: for=6.6.6.6\r\n"
                  + "X-Real-IP: 6.6.6.6\r\nConnection: x-secret\r\nX-Secret: 1\r\nKeep-Alive: 5\r\n"
                  + "Proxy-Authorization: 1\r\nX-App: stays\r\n\r\n")
          .message();
      String seen = origin.requests().element();
      assertThat(seen)
          .startsWith("GET /a?b HTTP/1.1\r\nHost: App.Test.:8080\r\n")
          .contains("\r\nX-Forwarded-For: 127.0.0.1\r\n")
          .contains("\r\nX-Forwarded-Proto: " + scheme() + "\r\n")
          .contains("\r\nX-Forwarded-Host: App.Test.:8080\r\n")
          .contains("\r\nX-Forwarded-Port: 8080\r\n")
          .contains("\r\nX-App: stays\r\n")
          .containsPattern("X-Request-Id: [0-9a-f]{32}\r\n")
          .containsPattern("X-Request-Start: \\d{13}\r\n")
          .doesNotContain("6.6.6.6", "forged", "Secret", "Keep-Alive", "Proxy-", "Connection");
    }
  }

  @Test
  void bothSidesKeepTheirConnections() throws IOException {
    try (Origin origin = Origin.named("again");
        Wire client = router.connect()) {
      router.route(origin);
      for (int i = 0; i < 5; i++) {
        client.send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");
        assertThat(client.message()).endsWith("again");
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    try (Origin origin = Origin.named("one");
        Wire client = router.connect()) {
      router.route(origin);
      client.send(
          "GET /1 HTTP/1.1\r\nHost: app.test\r\n\r\n"
              + "POST /2 HTTP/1.1\r\nHost: app.test\r\nContent-Length: 3\r\n\r\nabc"
              + "GET /3 HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n");
      assertThat(client.rest().split("HTTP/1.1 200 OK", -1)).hasSize(4);
      assertThat(origin.requests()).hasSize(3);
    }
  }

  @Test
  void aChunkedBodyIsRelayedAsItComes() throws IOException {
    try (Origin origin = Origin.named("got");
        Wire client = router.connect()) {
      router.route(origin);
      client.send(
          "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5;ext=1\r\nhello\r\n");
      client.send("1\r\n \r\n5\r\nworld\r\n0\r\nX-Trailer: dropped\r\n\r\n");
      assertThat(client.message()).endsWith("got");
      assertThat(origin.requests().element())
          .contains("\r\nTransfer-Encoding: chunked\r\n")
          .endsWith("\r\n\r\nhello world");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 4097, 100_000})
  void aBodyArrivesWholeWhateverItsSizeAndHowItCame(int size) throws IOException {
    String body = "x".repeat(size);
    Origin.Service service =
        wire -> {
          while (!wire.head().isEmpty()) {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" + body);
          }
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      for (int i = 0; i < 3; i++) {
        client.send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");
        assertThat(client.message()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n" + body);
      }
      assertThat(origin.connections()).as("the connection was kept").isEqualTo(1);
      await()
          .until(() -> router.accessLog().split("\"bytes_out\":" + size + ",", -1).length == 1 + 3);
    }
  }

  @Test
  void headHasNoBodyAndTheConnectionLives() throws IOException {
    try (Origin origin = Origin.named("five5");
        Wire client = router.connect()) {
      router.route(origin);
      client.send("HEAD / HTTP/1.1\r\nHost: app.test\r\n\r\n");
      assertThat(client.head()).contains("\r\nContent-Length: 5\r\n");
      client.send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");
      assertThat(client.message()).endsWith("five5");
    }
  }

  @Test
  void aClientThatWaitsForContinueGetsIt() throws IOException {
    Origin.Service service =
        wire -> {
          String head = wire.head();
          assertThat(head).contains("Expect: 100-continue");
          wire.send("HTTP/1.1 100 Continue\r\n\r\n");
          String body = wire.body(head);
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + body);
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      client.send(
          "PUT / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 100 ");
      client.send("abc");
      assertThat(client.message()).startsWith("HTTP/1.1 200 ").endsWith("abc");
    }
  }

  @Test
  void aResponseThatEndsWithItsConnectionIsFramedForTheClient() throws IOException {
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      client.send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");
      assertThat(client.message())
          .contains("\r\nTransfer-Encoding: chunked\r\n")
          .endsWith("until the end");
      client.send("GET / HTTP/1.0\r\nHost: app.test\r\n\r\n");
      assertThat(client.rest()).doesNotContain("chunked").endsWith("\r\n\r\nuntil the end");
    }
  }

  @Test
  void aTunnelCarriesBytesBothWaysAndEndsOnBothSides() throws IOException {
    Origin.Service echo =
        wire -> {
          String head = wire.head();
          assertThat(head).contains("Connection: Upgrade\r\nUpgrade: websocket\r\n");
          wire.send(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Accept: x\r\n\r\nearly");
          for (int next = wire.read(); next >= 0; next = wire.read()) {
            wire.send(new byte[] {(byte) next});
          }
          wire.send("bye");
        };
    try (Origin origin = Origin.serving(echo);
        Wire client = router.connect()) {
      router.route(origin);
      client.send(
          "GET /ws HTTP/1.1\r\nHost: app.test\r\nConnection: keep-alive, Upgrade\r\n"
              + "Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n");
      assertThat(client.head())
          .startsWith("HTTP/1.1 101 ")
          .contains("\r\nUpgrade: websocket\r\n", "\r\nSec-WebSocket-Accept: x\r\n");
      assertThat(client.bytes(5)).isEqualTo("early");
      client.send("ping\0\r\n\r\n");
      assertThat(client.bytes(9)).isEqualTo("ping\0\r\n\r\n");
      end(client);
      assertThat(client.rest()).isEqualTo(lastWords());
      await().until(() -> router.accessLog().contains("\"status\":101"));
    }
  }

  void end(Wire client) throws IOException {
    client.socket().shutdownOutput();
  }

  /** What a client that has ended its half still gets. */
  String lastWords() {
    return "bye";
  }

  @Test
  void unknownHostsAndAppsWithoutInstancesAreToldApart() throws IOException {
    assertThat(router.get("app.test")).contains("503").contains("router.no-table");
    router.route();
    assertThat(router.get("app.test"))
        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
        .contains("X-Paas-Error: router.no-instances");
    assertThat(router.get("other.test"))
        .startsWith("HTTP/1.1 404 Not Found\r\n")
        .contains("X-Paas-Error: router.unknown-host");
    await().until(() -> router.accessLog().contains("\"code\":\"router.unknown-host\""));
    try (Wire client = router.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: other.test\r\nAccept: text/html,*/*\r\n\r\n");
      assertThat(client.message()).contains("text/html").contains("<code>router.unknown-host");
      client.send("HEAD / HTTP/1.1\r\nHost: other.test\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 404 ");
      client.send("GET / HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void theAccessLogCountsTheBytesOfTheRoutersOwnAnswers() throws IOException {
    String[] answers = new String[2];
    answers[0] = router.get("app.test");
    try (Wire client = router.connect()) {
      answers[1] = client.send("no HTTP\r\n\r\n").rest();
      client.socket().close();
    }
    for (String answer : answers) {
      String code =
          answer
              .lines()
              .filter(line -> line.startsWith("X-Paas-Error: "))
              .findFirst()
              .orElseThrow();
      int size = answer.length() - answer.indexOf("\r\n\r\n") - 4;
      assertThat(size).isPositive();
      await()
          .until(
              () ->
                  router
                      .accessLog()
                      .lines()
                      .anyMatch(
                          line ->
                              line.contains(code.substring(14))
                                  && line.contains("\"bytes_out\":" + size + ",")));
    }
    try (Wire client = router.connect()) {
      client.send("HEAD / HTTP/1.1\r\nHost: app.test\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 503 ");
    }
    await()
        .until(
            () ->
                router
                    .accessLog()
                    .lines()
                    .anyMatch(
                        line -> line.contains("\"HEAD\"") && line.contains("\"bytes_out\":0,")));
  }
}
