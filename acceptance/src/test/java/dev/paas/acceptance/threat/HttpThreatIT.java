package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Line;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import dev.paas.acceptance.platform.Traffic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a hostile client does to HTTP itself, against two apps that tell what reached them: T15, T16
 * (its HTTP/1 half) and T17 in docs/reliability.md.
 */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class HttpThreatIT {
  private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(10);
  private static final int SLOW_CLIENTS = 40;
  private static final int INNOCENTS = 4;

  private final Platform platform;
  private final GitApp attacked;
  private final GitApp neighbour;
  private int asked;

  HttpThreatIT(Platform platform) {
    this.platform = platform;
    this.attacked = GitApp.mirror(platform);
    this.neighbour = GitApp.mirror(platform);
  }

  @BeforeAll
  void push() {
    attacked.push().succeed();
    neighbour.push().succeed();
  }

  @AfterAll
  void destroy() {
    attacked.close();
    neighbour.close();
    Aftermath.isClean(platform);
  }

  private String host(GitApp app) {
    return app.name() + "." + platform.variable("PAAS_DOMAIN");
  }

  // ---- T15: smuggling

  /** Requests that two parsers read differently; HOST is the attacked app's. */
  static Stream<Arguments> ambiguous() {
    String post = "POST /attack HTTP/1.1\r\nHost: HOST\r\n";
    String get = "GET /attack HTTP/1.1\r\nHost: HOST\r\n";
    String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    String te = "Transfer-Encoding: chunked\r\n";
    return Stream.of(
        of("CL.TE", 400, post + "Content-Length: 5\r\n" + te + "\r\n0\r\n\r\n"),
        of("TE.CL", 400, post + te + "Content-Length: 5\r\n\r\n0\r\n\r\n"),
        of("coding in HTTP/1.0", 400, "POST / HTTP/1.0\r\nHost: HOST\r\n" + te + "\r\n0\r\n\r\n"),
        of("two codings", 400, post + te + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
        of("hidden coding", 400, post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
        of("coding, blank, colon", 400, post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        of("two lengths", 400, post + "Content-Length: 0\r\nContent-Length: 60\r\n\r\n"),
        of("list of lengths", 400, post + "Content-Length: 0, 60\r\n\r\n"),
        of("signed length", 400, post + "Content-Length: +0\r\n\r\n"),
        of("bare LF in the first line", 400, "GET /attack HTTP/1.1\nHost: HOST\r\n\r\n"),
        of("bare LF after a field", 400, "GET /attack HTTP/1.1\r\nHost: HOST\n\r\n"),
        of("bare LF as the empty line", 400, "GET /attack HTTP/1.1\r\nHost: HOST\r\n\n"),
        of("bare CR in a value", 400, get + "X: a\rContent-Length: 60\r\n\r\n"),
        of("NUL in a value", 400, get + "X: a\0b\r\n\r\n"),
        of("extension with LF", 400, chunked + "0;a\nb\r\n\r\n"),
        of("extension with quoted CR", 400, chunked + "0;a=\"\r\"\r\n\r\n"),
        of("extension too long", 400, chunked + "0;" + "a".repeat(4096) + "\r\n\r\n"),
        of("extensions too many", 400, chunked + ("1;" + "a".repeat(64) + "\r\nx\r\n").repeat(512)),
        of("chunk size with blank", 400, chunked + "0 \r\n\r\n"),
        of("chunk size 0x0", 400, chunked + "0x0\r\n\r\n"),
        of("chunk longer than its size", 400, chunked + "1\r\nabc\r\n0\r\n\r\n"),
        of("chunk ended by LF", 400, chunked + "1\r\na\n0\r\n\r\n"),
        of("folded field", 400, get + "X: a\r\n Content-Length: 60\r\n\r\n"),
        of("folded coding", 400, post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        of(
            "Hixie-76",
            400,
            get
                + "Connection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key1: 1\r\n"
                + "Sec-WebSocket-Key2: 2\r\n\r\n12345678"),
        of("two blanks", 400, "GET  /attack HTTP/1.1\r\nHost: HOST\r\n\r\n"),
        of("tab for blank", 400, "GET\t/attack HTTP/1.1\r\nHost: HOST\r\n\r\n"),
        of("blank in the target", 400, "GET /attack x HTTP/1.1\r\nHost: HOST\r\n\r\n"),
        of("HTTP/0.9", 400, "GET /attack\r\n\r\n"),
        of("HTTP/1.10", 400, "GET /attack HTTP/1.10\r\nHost: HOST\r\n\r\n"),
        of("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        of("CONNECT", 405, "CONNECT HOST:5000 HTTP/1.1\r\nHost: HOST\r\n\r\n"),
        of("endless first line", 414, "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n\r\n"),
        of("endless field", 431, get + "X: " + "a".repeat(70_000)),
        of("many fields", 431, get + "X: a\r\n".repeat(5_000)));
  }

  private static Arguments of(String name, int status, String request) {
    return Arguments.of(name, status, request);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ambiguous")
  void anAmbiguousRequestIsRefusedAndNobodyGetsAnothersAnswer(
      String name, int status, String request) throws IOException {
    String hidden = "GET /smuggled HTTP/1.1\r\nHost: " + host(neighbour) + "\r\n\r\n";
    try (Line evil = new Line(platform)) {
      evil.trySend(request.replace("HOST", host(attacked)) + hidden);
      String answer = evil.rest();
      assertThat(answer)
          .startsWith("HTTP/1.1 " + status + " ")
          .contains("\r\nConnection: close\r\n");
      assertThat(answer.split("HTTP/1\\.1 ", -1)).as("one answer, then the end").hasSize(2);
    }
    // Whoever comes next is given the connections to the apps that the attack has used.
    for (int i = 0; i < INNOCENTS; i++) {
      for (GitApp app : List.of(attacked, neighbour)) {
        String path = "/innocent-" + ++asked;
        assertThat(app.body(path)).startsWith("GET " + path + "\n").contains("Host: " + host(app));
      }
    }
    assertThat(attacked.body("/seen") + neighbour.body("/seen")).doesNotContain("smuggled");
  }

  @Test
  void anExtensionThatIsAllowedEndsAtTheRouter() throws IOException {
    try (Line client = new Line(platform)) {
      client.send(
          "POST /extended HTTP/1.1\r\nHost: "
              + host(attacked)
              + "\r\nTransfer-Encoding: chunked\r\n\r\n5;name=\"value\"\r\nhello\r\n0;last\r\n\r\n");
      assertThat(client.response())
          .startsWith("HTTP/1.1 200 ")
          .contains("POST /extended\n", "\n\nhello")
          .doesNotContain("value", "last");
    }
  }

  // ---- T16: slow clients

  @Test
  void slowHeadsAreClosedAndOthersAreServedMeanwhile() throws IOException {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    List<Line> slow = new ArrayList<>();
    try (Traffic traffic = new Traffic(platform, neighbour.name(), "/fast")) {
      for (int i = 0; i < SLOW_CLIENTS; i++) {
        Line line = new Line(platform);
        slow.add(line);
        line.send("GET /slow HTTP/1.1\r\nHost: " + host(attacked) + "\r\nX-Slow: ");
        // A byte now and then: whoever measures only the silence waits for ever.
        var unused =
            clock.scheduleAtFixedRate(() -> line.trySend("a"), 500, 500, TimeUnit.MILLISECONDS);
      }
      for (Line line : slow) {
        assertThat(line.rest()).startsWith("HTTP/1.1 408 ").contains("router.request-timeout");
      }
      traffic.flowsOn(50);
      assertThat(traffic.failures()).isEmpty();
    } finally {
      clock.shutdownNow();
      for (Line line : slow) {
        line.close();
      }
    }
    assertThat(attacked.body("/seen")).doesNotContain("/slow");
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws IOException {
    try (Line silent = new Line(platform)) {
      Awaitility.await("the router hangs up")
          .atMost(HEADER_TIMEOUT.multipliedBy(3))
          .until(() -> silent.rest().isEmpty());
    }
  }

  // ---- T17: what only the router may say

  @Test
  void whatOnlyTheRouterMaySayIsOverwritten() throws IOException {
    String head =
        arrived(
            "X-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 7.7.7.7\r\nX-Forwarded-Proto: https\r\n"
                + "X-Forwarded-Host: bank.example\r\nX-Forwarded-Port: 443\r\nX-Forwarded-User: root\r\n"
                + "Forwarded: for=6.6.6.6;host=bank.example\r\nX-Real-IP: 6.6.6.6\r\n"
                + "X-Request-Id: mine\r\nX-Request-Start: 1\r\nX-Paas-Error: mine\r\n"
                + "X_Forwarded_For: 6.6.6.6\r\nX-Forwarded_For: 7.7.7.7\r\nProxy: bank.example\r\n");
    assertThat(head)
        .doesNotContain("6.6.6.6", "7.7.7.7", "bank.example", "mine", "https", "root", ": 443")
        .containsOnlyOnce("\nX-Forwarded-For: 127.0.0.1\n")
        .containsOnlyOnce("\nX-Forwarded-Proto: http\n")
        .containsOnlyOnce("\nX-Forwarded-Host: " + host(attacked) + "\n")
        .containsOnlyOnce("\nX-Forwarded-Port: 80\n")
        .containsPattern("\nX-Request-Id: [0-9a-f]{32}\n")
        .containsPattern("\nX-Request-Start: [0-9]{13}\n");
    for (String name : List.of("x-forwarded-for", "x-forwarded-proto", "x-request-id")) {
      assertThat(head.toLowerCase(Locale.ROOT)).containsOnlyOnce("\n" + name + ":");
    }
  }

  @Test
  void whatIsMeantForThisHopEndsHere() throws IOException {
    String head =
        arrived(
            "Connection: keep-alive, X-Secret, x-other\r\nX-Secret: 1\r\nX-Other: 2\r\nX-Kept: 3\r\n"
                + "Keep-Alive: timeout=999\r\nProxy-Connection: keep-alive\r\nTE: gzip\r\nTrailer: X\r\n"
                + "Proxy-Authorization: Basic x\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n");
    assertThat(head)
        .contains("\nX-Kept: 3\n")
        .doesNotContainPattern(
            "(?i)\n(x-secret|x-other|keep-alive|proxy-connection|te|trailer|proxy-authorization"
                + "|upgrade|http2-settings):");
  }

  /** What reached the app of a GET with these fields. */
  private String arrived(String fields) throws IOException {
    try (Line client = new Line(platform)) {
      client.send("GET /forged HTTP/1.1\r\nHost: " + host(attacked) + "\r\n" + fields + "\r\n");
      String answer = client.response();
      assertThat(answer).startsWith("HTTP/1.1 200 ");
      return answer.substring(answer.indexOf("GET /forged\n"));
    }
  }

  /** Fields that make one app, or one hop, be taken for another; OTHER is the neighbour's host. */
  static Stream<Arguments> forged() {
    String get = "GET /forged HTTP/1.1\r\nHost: HOST\r\n";
    return Stream.of(
        of("two hosts", 400, get + "Host: OTHER\r\n\r\n"),
        of("no host", 400, "GET /forged HTTP/1.1\r\n\r\n"),
        of("host in the target", 400, "GET http://OTHER/forged HTTP/1.1\r\nHost: HOST\r\n\r\n"),
        of("host with a path", 400, "GET /forged HTTP/1.1\r\nHost: HOST/OTHER\r\n\r\n"),
        of("host with a user", 400, "GET /forged HTTP/1.1\r\nHost: HOST@OTHER\r\n\r\n"),
        of("list of hosts", 400, "GET /forged HTTP/1.1\r\nHost: HOST,OTHER\r\n\r\n"),
        of("host of nobody", 404, "GET /forged HTTP/1.1\r\nHost: nobody.OTHER\r\n\r\n"),
        of("Connection: Host", 400, get + "Connection: Host\r\n\r\n"),
        of("Connection: X-Forwarded-For", 400, get + "Connection: close, X-Forwarded-For\r\n\r\n"),
        of("Connection: Cookie", 400, get + "Connection: Cookie\r\nCookie: a\r\n\r\n"),
        of("Connection: Content-Length", 400, get + "Connection: Content-Length\r\n\r\n"),
        of("Connection: X_Forwarded_For", 400, get + "Connection: X_Forwarded_For\r\n\r\n"),
        of("Content_Length", 400, get + "Content_Length: 60\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forged")
  void aForgedHostOrHopIsRefused(String name, int status, String request) throws IOException {
    try (Line evil = new Line(platform)) {
      evil.send(request.replace("HOST", host(attacked)).replace("OTHER", host(neighbour)));
      String answer = evil.response();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    }
    assertThat(neighbour.body("/seen")).doesNotContain("forged");
  }
}
