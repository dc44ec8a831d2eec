package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.router.Route;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * More connections than the router admits, all in one state of a request, from one address and from
 * many: an app that nobody attacks answers as ever, and nothing stays behind.
 */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class OverloadThreatIT {

  private static final int CONNECTIONS = 80;
  private static final int BEYOND = 40;
  private static final long HELD = 2 << 20;

  /** Where well-behaved clients come from. */
  private static final String ELSEWHERE = "127.9.9.9";

  private static final PlatformSettings.Router SMALL =
      TestRouter.limits(
          """
          http = "127.0.0.1:0"
          connect-timeout = "2s"
          response-timeout = "30s"
          idle-timeout = "30s"
          header-timeout = "30s"
          tunnel-idle = "30s"
          drain-timeout = "5s"
          max-connections = %d
          max-held = "%dB"
          send-timeout = "30s"
          linger-timeout = "1s"
          """
              .formatted(CONNECTIONS, HELD));

  private static final byte[] ANSWER = new byte[4 << 20];

  /** What the kernels of both ends take at once. */
  private static final byte[] SOME = new byte[180 << 10];

  private final Queue<Wire> silent = new ConcurrentLinkedQueue<>();
  @TempDir Path folder;
  private TestRouter router;
  private Origin innocent;
  private Origin slow;
  private Origin large;
  private Origin closing;
  private Origin tunnel;
  private Origin hostile;

  @BeforeEach
  void start() throws IOException {
    router = TestRouter.start(folder, SMALL);
    innocent = Origin.named("in");
    // Connections are kept and left to themselves: they hold no thread of the origin.
    slow = Origin.keeping(silent, Wire::head);
    large =
        Origin.serving(
            wire -> {
              wire.head();
              wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + ANSWER.length + "\r\n\r\n");
              wire.send(ANSWER);
            });
    closing =
        Origin.serving(
            wire -> {
              boolean switched = wire.head().contains("Upgrade");
              wire.send(
                  switched
                      ? "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
                      : "HTTP/1.1 200 OK\r\nContent-Length: " + SOME.length + "\r\n\r\n");
              wire.send(SOME);
            });
    tunnel =
        Origin.serving(
            wire -> {
              wire.head();
              wire.send(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
              wire.read();
            });
    hostile = Origin.serving(OverloadThreatIT::answerBadly);
    router.publish(
        table ->
            table
                .addRoutes(route("in", innocent))
                .addRoutes(route("other", innocent))
                .addRoutes(route("slow", slow))
                .addRoutes(route("large", large))
                .addRoutes(route("closing", closing))
                .addRoutes(route("tunnel", tunnel))
                .addRoutes(route("hostile", hostile)));
  }

  @AfterEach
  void stop() throws IOException {
    router.close();
    for (Origin origin : List.of(innocent, slow, large, closing, tunnel, hostile)) {
      origin.close();
    }
  }

  private static Route route(String app, Origin origin) {
    return Route.newBuilder()
        .setApp(app)
        .addHosts(app + ".test")
        .addBackends(TestRouter.backend(app + ".v1.web." + origin.port(), origin.port()))
        .build();
  }

  /** The app is the attacker: what it answers is named by the request's path. */
  private static void answerBadly(Wire wire) throws IOException {
    String path = wire.head().split(" ", 3)[1];
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    switch (path) {
      case "/half-a-head" -> wire.send("HTTP/1.1 200 OK\r\nX: " + "a".repeat(60_000));
      case "/many-fields" -> wire.send("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(2_000));
      case "/interims" -> wire.send("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n".repeat(2_000));
      case "/chunks-of-a-byte" -> wire.send(chunked + "1\r\na\r\n".repeat(4_000));
      case "/extensions" -> wire.send(chunked + ("1;" + "e".repeat(900) + "\r\na\r\n").repeat(20));
      case "/half-a-size" -> wire.send(chunked + "1;" + "e".repeat(900));
      case "/half-a-trailer" -> wire.send(chunked + "0\r\nA: " + "b".repeat(8000));
      case "/more-than-asked" ->
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n".repeat(9));
      default -> throw new IOException("nothing");
    }
    wire.read();
  }

  private static Stream<Arguments> states() {
    return Stream.of(
            "nothing one-byte large-head-begun body-withheld answer-awaited body-unread answer-unread"
                + " answer-closed body-closed tunnel-answer-closed tunnel-body-closed"
                + " idle tunnel tunnel-half-closed many-unread tiny-in-one-packet chunks-of-a-byte"
                + " extensions trailer-begun continue-withheld http-1.0 upgrade-refused unknown-hosts"
                + " hostile/half-a-head hostile/many-fields hostile/interims hostile/chunks-of-a-byte"
                + " hostile/extensions hostile/half-a-size hostile/half-a-trailer"
                + " hostile/more-than-asked hostile/closes")
        .flatMap(all -> Stream.of(all.split(" ")))
        .flatMap(state -> Stream.of(Arguments.of(state, 1), Arguments.of(state, 100)));
  }

  private static String bytesOf(String state) {
    if (state.startsWith("hostile/")) {
      return "GET /"
          + state.substring("hostile/".length())
          + " HTTP/1.1\r\nHost: hostile.test\r\n\r\n";
    }
    String fields = ("X: " + "a".repeat(1170) + "\r\n").repeat(50);
    String chunked = "Transfer-Encoding: chunked\r\n\r\n";
    String slowly = " / HTTP/1.1\r\nHost: slow.test\r\n";
    return switch (state) {
      case "nothing" -> "";
      case "one-byte" -> "G";
      case "large-head-begun" -> "GET" + slowly + fields.substring(0, fields.length() - 100);
      case "body-withheld" -> "POST" + slowly + "Content-Length: 9\r\n" + fields + "\r\n";
      case "answer-awaited" -> "GET" + slowly + fields + "\r\n";
      case "body-unread", "body-closed" ->
          "POST" + slowly + "Content-Length: 99999999\r\n\r\n" + "a".repeat(200_000);
      case "answer-unread" -> "GET / HTTP/1.1\r\nHost: large.test\r\n\r\n";
      case "answer-closed" -> "GET / HTTP/1.1\r\nHost: closing.test\r\n\r\n";
      case "tunnel-answer-closed" ->
          "GET / HTTP/1.1\r\nHost: closing.test\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
      case "idle" -> "GET / HTTP/1.1\r\nHost: in.test\r\n\r\n";
      case "many-unread" -> "GET / HTTP/1.1\r\nHost: large.test\r\n\r\n".repeat(50);
      case "tiny-in-one-packet" -> "GET / HTTP/1.1\r\nHost: other.test\r\n\r\n".repeat(200);
      case "chunks-of-a-byte" -> "POST" + slowly + chunked + "1\r\na\r\n".repeat(2_000);
      case "extensions" ->
          "POST" + slowly + chunked + ("1;" + "e".repeat(900) + "\r\na\r\n").repeat(15);
      case "trailer-begun" -> "POST" + slowly + chunked + "0\r\nA: " + "b".repeat(8000);
      case "continue-withheld" ->
          "POST" + slowly + "Expect: 100-continue\r\nContent-Length: 9\r\n" + fields + "\r\n";
      case "http-1.0" -> "GET / HTTP/1.0\r\nHost: slow.test\r\n" + fields + "\r\n";
      case "upgrade-refused" ->
          "GET / HTTP/1.1\r\nHost: in.test\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
      case "unknown-hosts" ->
          IntStream.range(0, 100)
              .mapToObj(i -> "GET / HTTP/1.1\r\nHost: h" + i + ".test\r\n\r\n")
              .collect(Collectors.joining());
      case "tunnel", "tunnel-half-closed", "tunnel-body-closed" ->
          "GET / HTTP/1.1\r\nHost: tunnel.test\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
      default -> throw new IllegalArgumentException(state);
    };
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("states")
  void othersAreServedHoweverManyConnectionsAreHeld(String state, int addresses)
      throws IOException {
    List<Wire> held = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS + BEYOND; i++) {
        Wire wire = open("127.0.1." + (1 + i % addresses), bytesOf(state));
        held.add(wire);
        endSending(state, wire);
        if (i % 10 == 0) {
          assertThat(ask()).as("after %d", i).endsWith("in");
        }
      }
      for (int i = 0; i < 20; i++) {
        assertThat(ask()).endsWith("in");
      }
      assertThat(router.process().budget().connections()).isLessThanOrEqualTo(CONNECTIONS + 1);
      // One read of each loop is counted after it has come.
      assertThat(router.process().budget().bytes()).isLessThanOrEqualTo(HELD + (256 << 10));
    } finally {
      for (Wire wire : held) {
        wire.close();
      }
    }
    await()
        .atMost(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              assertThat(ask()).endsWith("in");
              assertThat(router.process().budget().bytes()).isZero();
            });
    await().until(() -> router.process().budget().connections() == 0);
    assertThat(router.process().budget().holders()).isZero();
  }

  @Test
  void whatIsRefusedIsAnsweredWithAReason() throws IOException {
    List<Wire> held = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        held.add(open("127.0.1.1", bytesOf("answer-awaited")));
      }
      try (Wire one = open("127.0.1.1", bytesOf("idle"))) {
        assertThat(one.rest()).startsWith("HTTP/1.1 503 ").contains("router.overloaded");
      }
      try (Wire other = open("127.0.1.2", bytesOf("answer-awaited"))) {
        assertThat(other.rest()).startsWith("HTTP/1.1 503 ").contains("router.overloaded");
      }
      // Lines of the log gather for a moment.
      await()
          .untilAsserted(
              () ->
                  assertThat(router.accessLog())
                      .contains("the address has its share of the connections")
                      .contains("the app has its share of the connections"));
    } finally {
      for (Wire wire : held) {
        wire.close();
      }
    }
  }

  private static void endSending(String state, Wire wire) {
    try {
      if (state.equals("body-closed") || (state.startsWith("tunnel-") && wire.read() >= 0)) {
        if (state.equals("tunnel-body-closed")) {
          wire.socket().getOutputStream().write(SOME);
        }
        if (!state.equals("tunnel-answer-closed")) {
          wire.socket().shutdownOutput();
        }
      }
    } catch (IOException refused) {
      // It was told why.
    }
  }

  private Wire open(String from, String bytes) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    // Takes a body that nobody reads.
    socket.setSendBufferSize(512 << 10);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(router.address());
    Wire wire = new Wire(socket);
    try {
      byte[] all = bytes.getBytes(StandardCharsets.ISO_8859_1);
      socket.getOutputStream().write(all);
    } catch (IOException refused) {
      // Its answer says why.
    }
    return wire;
  }

  private String ask() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(ELSEWHERE, 0));
    socket.connect(router.address());
    try (Wire client = new Wire(socket)) {
      client.send("GET / HTTP/1.1\r\nHost: in.test\r\nConnection: close\r\n\r\n");
      return client.rest();
    }
  }
}
