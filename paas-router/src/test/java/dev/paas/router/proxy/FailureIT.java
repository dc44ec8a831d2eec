package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What instances and clients can do wrong, and what the other side sees of it. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class FailureIT {

  private static final String GET = "GET / HTTP/1.1\r\nHost: app.test\r\n\r\n";

  @TempDir Path folder;
  private TestRouter router;

  @BeforeEach
  void start() throws IOException {
    router = TestRouter.start(folder);
  }

  @AfterEach
  void stop() throws IOException {
    router.close();
  }

  @Test
  void anotherInstanceAnswersForOneThatCannotBeReached() throws IOException {
    try (Origin alive = Origin.named("alive")) {
      int dead = closedPort();
      router.publish(
          table ->
              table.addRoutes(
                  TestRouter.app(
                      List.of(
                          TestRouter.backend("dead", dead),
                          TestRouter.backend("alive", alive.port())))));
      for (int i = 0; i < 10; i++) {
        try (Wire client = router.connect()) {
          client.send("POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 3\r\n\r\nabc");
          assertThat(client.message()).endsWith("alive");
        }
      }
      assertThat(alive.requests()).hasSize(10).allMatch(seen -> seen.endsWith("abc"));
    }
  }

  @Test
  void noInstanceReachableIsABadGateway() throws IOException {
    int dead = closedPort();
    router.publish(
        table -> table.addRoutes(TestRouter.app(List.of(TestRouter.backend("dead", dead)))));
    assertThat(router.get("app.test"))
        .startsWith("HTTP/1.1 502 ")
        .contains("router.connect-failed")
        // The router has a clock, so its own answers say when they were given (RFC 9110 §6.6.1).
        .containsPattern("\r\nDate: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n");
    await().until(() -> router.accessLog().contains("\"instance\":\"dead\""));
  }

  @Test
  void aBodylessRequestIsRepeatedWhenItsReusedConnectionDies() throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (Origin origin = Origin.serving(answeringOnceEach(connections));
        Wire client = router.connect()) {
      router.route(origin);
      client.send(GET);
      assertThat(client.message()).endsWith("1");
      client.send(GET);
      assertThat(client.message()).endsWith("2");
      assertThat(origin.connections()).isEqualTo(2);
    }
  }

  @Test
  void aRequestThatMayHaveActedIsNotRepeated() throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (Origin origin = Origin.serving(answeringOnceEach(connections));
        Wire client = router.connect()) {
      router.route(origin);
      client.send(GET);
      assertThat(client.message()).endsWith("1");
      client.send("POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.message()).startsWith("HTTP/1.1 502 ").contains("router.instance-closed");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  /** Answers the first request of each connection and closes it at the second one. */
  private static Origin.Service answeringOnceEach(AtomicInteger connections) {
    return wire -> {
      int number = connections.incrementAndGet();
      wire.head();
      wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number);
      wire.head();
    };
  }

  @Test
  void anInstanceThatClosesBeforeItAnswersIsABadGateway() throws IOException {
    try (Origin origin = Origin.serving(Wire::head)) {
      router.route(origin);
      assertThat(router.get("app.test"))
          .startsWith("HTTP/1.1 502 ")
          .contains("router.instance-closed");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: ,\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: y\rz\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: y\0z\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"
      })
  void anAmbiguousResponseIsNotRelayed(String response) throws IOException {
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send(response);
          wire.read();
        };
    try (Origin origin = Origin.serving(service)) {
      router.route(origin);
      assertThat(router.get("app.test"))
          .startsWith("HTTP/1.1 502 ")
          .contains("router.bad-response");
    }
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: x\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: \u001b[1mbold\u007f\r\n\r\nab",
        "HTTP/1.1 200 O\u0001K\r\nContent-Length: 2\r\n\r\nab"
      })
  void aResponseThatCanMeanOneThingOnlyIsRelayedInOneForm(String response) throws IOException {
    Origin.Service service =
        wire -> {
          for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
            wire.send(
                head.startsWith("HEAD ")
                    ? response.substring(0, response.indexOf("\r\n\r\n") + 4)
                    : response);
          }
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      for (int i = 0; i < 3; i++) {
        client.send(GET);
        String answer = client.message();
        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("ab");
        assertThat(answer.split("\r\n(Content-Length|Transfer-Encoding): ", -1)).hasSize(2);
        assertThat(answer).doesNotContainPattern("[\u0000-\u0008\u000b\u001b\u007f]");
        client.send("HEAD / HTTP/1.1\r\nHost: app.test\r\n\r\n");
        assertThat(client.head()).doesNotContain("Length: 99", "2, 2", "Length: x");
      }
    }
  }

  @Test
  void anAnswerThatComesBeforeTheBodyIsReadArrivesWhateverTheBodysSize() throws IOException {
    Origin.Service refusing =
        wire -> {
          wire.head();
          wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
          // Closed with the body unread, which resets the connection.
        };
    try (Origin origin = Origin.serving(refusing)) {
      router.route(origin);
      for (int i = 0; i < 30; i++) {
        byte[] body = new byte[i % 2 == 0 ? 1 << 20 : 8 << 20];
        try (Wire client = router.connect()) {
          client.send(
              "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: " + body.length + "\r\n\r\n");
          client.send(body);
          assertThat(client.message()).startsWith("HTTP/1.1 413 ").endsWith("big");
        }
      }
    }
  }

  @Test
  void aBadChunkBehindGoodOnesCutsTheAnswerAfterWhatWasGood() throws IOException {
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\nzzz\r\nrest");
          wire.read();
        };
    try (Origin origin = Origin.serving(service)) {
      router.route(origin);
      assertThat(router.get("app.test")).startsWith("HTTP/1.1 200 ").endsWith("4\r\ngood\r\n");
      await().until(() -> router.accessLog().contains("router.bad-response"));
    }
  }

  @Test
  void aCutAnswerOfWhichOnlyTheConnectionTellsTheEndIsReset() throws IOException {
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      client.send("GET / HTTP/1.0\r\nHost: app.test\r\n\r\n");
      assertThatThrownBy(() -> client.socket().getInputStream().readAllBytes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void anInstanceThatResetsAtOnceDoesNotAttractRequests() throws IOException {
    try (Origin alive = Origin.named("alive");
        Origin resetting = Origin.serving(wire -> wire.socket().setSoLinger(true, 0))) {
      router.route(alive, resetting);
      int failed = 0;
      for (int i = 0; i < 200; i++) {
        failed += router.get("app.test").endsWith("alive") ? 0 : 1;
      }
      assertThat(failed).as("three, and one each time that it is asked again").isLessThan(12);
    }
  }

  @Test
  void aRequestThatMayNotBeRepeatedKeepsAwayFromConnectionsAboutToClose() throws IOException {
    Origin.Service closing =
        wire -> {
          wire.socket().setSoTimeout(100);
          try {
            for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
          } catch (SocketTimeoutException idle) {
            // Closes.
          }
        };
    try (Origin origin = Origin.serving(closing);
        Wire client = router.connect()) {
      router.route(origin);
      client.send(GET);
      assertThat(client.message()).endsWith("ok");
      // It is seen once when connections close.
      await().until(() -> origin.open() == 0);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      for (int i = 0; i < 40; i++) {
        client.send("POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.message()).as("after %d", i).endsWith("ok");
        LockSupport.parkNanos(Duration.ofMillis(80 + i).toNanos());
      }
    }
  }

  @Test
  void anUpgradeThatIsRequiredIsNamed() throws IOException {
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send(
              "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Content-Length: 0\r\n\r\n");
          wire.read();
        };
    try (Origin origin = Origin.serving(service)) {
      router.route(origin);
      assertThat(router.get("app.test"))
          .contains("\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade, close\r\n");
    }
  }

  @Test
  void aResponseThatIsCutIsCutForTheClientToo() throws IOException {
    Origin.Service service =
        wire -> {
          String head = wire.head();
          wire.send(
              head.contains("/fixed")
                  ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
                  : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        };
    try (Origin origin = Origin.serving(service)) {
      router.route(origin);
      try (Wire client = router.connect()) {
        client.send("GET /fixed HTTP/1.1\r\nHost: app.test\r\n\r\n");
        assertThat(client.rest()).endsWith("\r\n\r\nhalf");
      }
      try (Wire client = router.connect()) {
        client.send("GET /chunked HTTP/1.1\r\nHost: app.test\r\n\r\n");
        assertThat(client.rest()).endsWith("4\r\nhalf\r\n");
      }
      await().until(() -> router.accessLog().split("router.instance-closed", -1).length == 3);
    }
  }

  @Test
  void unaskedBytesOnAWaitingConnectionAnswerNobody() throws IOException {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    AtomicInteger closed = new AtomicInteger();
    Origin.Service service =
        wire -> {
          if (wire.head().contains("/together")) {
            wire.send(answer + poison);
          } else {
            wire.send(answer).send(poison);
          }
          assertThat(wire.read()).isEqualTo(-1);
          closed.incrementAndGet();
        };
    try (Origin origin = Origin.serving(service)) {
      router.route(origin);
      List<String> paths = List.of("/together", "/apart", "/together", "/apart");
      for (int i = 0; i < paths.size(); i++) {
        int closedAfter = i + 1;
        try (Wire client = router.connect()) {
          client.send("GET " + paths.get(i) + " HTTP/1.1\r\nHost: app.test\r\n\r\n");
          assertThat(client.message()).endsWith("ok");
        }
        // Bytes that come when the next request is under way already are that one's answer.
        await().until(() -> closed.get() == closedAfter);
      }
    }
  }

  @Test
  void aResponseBeforeTheRequestHasEndedEndsBothConnections() throws IOException {
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
          wire.read();
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      client.send("POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 100000\r\n\r\n");
      client.send("some of it, and then GET /smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n");
      assertThat(client.rest())
          .startsWith("HTTP/1.1 413 ")
          .contains("Connection: close")
          .endsWith("big");
    }
  }

  @Test
  void aClientThatLeavesFreesTheInstance() throws IOException {
    CountDownLatch left = new CountDownLatch(1);
    Origin.Service service =
        wire -> {
          wire.head();
          if (wire.read() < 0) {
            left.countDown();
          }
        };
    try (Origin origin = Origin.serving(service)) {
      router.route(origin);
      try (Wire client = router.connect()) {
        client.send(GET);
        await().until(() -> origin.connections() == 1);
      }
      await().until(() -> left.getCount() == 0);
      await()
          .until(
              () -> router.accessLog().contains("\"status\":499,\"code\":\"router.client-gone\""));
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return gone.getLocalPort();
    }
  }
}
