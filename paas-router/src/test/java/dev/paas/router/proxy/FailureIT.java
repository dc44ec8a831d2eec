package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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
        .contains("router.connect-failed");
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
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: y\0z\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"
      })
  void aResponseInDoubtIsNotRelayed(String response) throws IOException {
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
