package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Request smuggling, after the classes of http-garden's trophies and RFC 9112: what two parsers
 * could read differently is refused, the connection is closed, and no byte of it reaches an
 * instance.
 */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramingIT {

  private static final String GET = "GET / HTTP/1.1\r\nHost: app.test\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: app.test\r\n";
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n";
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

  private TestRouter router;
  private Origin origin;

  /** How clients come. */
  PlatformSettings.Router settings() {
    return TestRouter.QUICK;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    router = TestRouter.start(folder, settings());
    origin = Origin.named("ok");
    router.route(origin);
  }

  @AfterAll
  void stop() throws IOException {
    router.close();
    origin.close();
  }

  static Stream<Arguments> ambiguous() {
    return Stream.of(
        bad(
            "length and coding",
            POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad(
            "coding and length",
            POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        bad(
            "coding in HTTP/1.0",
            "POST / HTTP/1.0\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad("coding xchunked", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        bad("coding ,chunked", POST + "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"),
        bad(
            "coding chunked, identity",
            POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        bad("coding gzip, chunked", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        bad("coding chunked;q=1", POST + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
        bad("coding \"chunked\"", POST + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
        bad("coding with vertical tab", POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
        bad("empty coding", POST + "Transfer-Encoding:\r\n\r\n"),
        bad(
            "coding twice",
            POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad("coding folded", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        bad(
            "coding with blank before colon",
            POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        bad("coding with underscore", POST + "Transfer_Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad("same lengths", POST + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n"),
        bad("lengths that differ", POST + "Content-Length: 0\r\nContent-Length: 9\r\n\r\n"),
        bad(
            "lengths that differ in HTTP/1.0",
            "POST / HTTP/1.0\r\nHost: app.test\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n"),
        bad("list of lengths", POST + "Content-Length: 3, 3\r\n\r\nabc"),
        bad("length +3", POST + "Content-Length: +3\r\n\r\nabc"),
        bad("length -3", POST + "Content-Length: -3\r\n\r\nabc"),
        bad("length 0x3", POST + "Content-Length: 0x3\r\n\r\nabc"),
        bad("length 3_0", POST + "Content-Length: 3_0\r\n\r\nabc"),
        bad("empty length", POST + "Content-Length:\r\n\r\nabc"),
        bad("length 1 1", POST + "Content-Length: 1 1\r\n\r\nabc"),
        bad("length beyond a long", POST + "Content-Length: 99999999999999999999\r\n\r\n"),
        bad("length with underscore", POST + "Content_Length: 3\r\n\r\nabc"),
        bad(
            "body on an HTTP/1.0 GET",
            "GET / HTTP/1.0\r\nHost: app.test\r\nContent-Length: 3\r\n\r\nabc"),
        bad("bare LF after the first line", "GET / HTTP/1.1\nHost: app.test\r\n\r\n"),
        bad("bare LF after a field", "GET / HTTP/1.1\r\nHost: app.test\n\r\n"),
        bad("bare LF at the end", "GET / HTTP/1.1\r\nHost: app.test\r\n\n"),
        bad("bare CR in a value", GET + "X: a\rb\r\n\r\n"),
        bad("bare CR in the first line", "GET /\rX HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("CR CR LF", "GET / HTTP/1.1\r\r\nHost: app.test\r\n\r\n"),
        bad("NUL in a value", GET + "X: a\0b\r\n\r\n"),
        bad("DEL in a value", GET + "X: a\u007fb\r\n\r\n"),
        bad("tab between the first line's parts", "GET\t/ HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("two blanks in the first line", "GET  / HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("blank after the version", "GET / HTTP/1.1 \r\nHost: app.test\r\n\r\n"),
        bad("blank before the method", " GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("blank in the target", "GET /a b HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("HTTP/0.9", "GET /\r\n\r\n"),
        bad("no version", "GET / \r\nHost: app.test\r\n\r\n"),
        bad("version http/1.1", "GET / http/1.1\r\nHost: app.test\r\n\r\n"),
        bad("version HTTP/1.10", "GET / HTTP/1.10\r\nHost: app.test\r\n\r\n"),
        bad("control bytes before the first line", "\0GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("method with control character", "G\u0001T / HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("TLS on the plain port", "\u0016\u0003\u0001\u0002\0\u0001\0"),
        bad("folded field", GET + "X: a\r\n b\r\n\r\n"),
        bad("folded first field", "GET / HTTP/1.1\r\n Host: app.test\r\n\r\n"),
        bad("blank before colon", GET + "X : a\r\n\r\n"),
        bad("field without colon", GET + "Xa\r\n\r\n"),
        bad("field without name", GET + ": a\r\n\r\n"),
        bad("name with blank", GET + "X Y: a\r\n\r\n"),
        bad("name with NUL", GET + "X\0: a\r\n\r\n"),
        bad("no Host", "GET / HTTP/1.1\r\n\r\n"),
        status(404, "no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n"),
        bad("empty Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost:\r\n\r\n"),
        bad("target of another port", "GET http://app.test:81/ HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad(
            "target of another scheme's port",
            "GET http://app.test:443/ HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("Connection names X_Forwarded_For", GET + "Connection: X_Forwarded_For\r\n\r\n"),
        bad("two Hosts", GET + "Host: other.test\r\n\r\n"),
        bad("same Host twice", GET + "Host: app.test\r\n\r\n"),
        bad("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        bad("list of Hosts", "GET / HTTP/1.1\r\nHost: app.test, b\r\n\r\n"),
        bad("Host with path", "GET / HTTP/1.1\r\nHost: app.test/x\r\n\r\n"),
        bad("Host with user", "GET / HTTP/1.1\r\nHost: a@app.test\r\n\r\n"),
        bad("Host with words for port", "GET / HTTP/1.1\r\nHost: app.test:http\r\n\r\n"),
        bad("target of another host", "GET http://other.test/ HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("target without slash", "GET app.test HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("target of another scheme", "GET ftp://app.test/ HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("target with fragment", "GET /#x HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad("asterisk for GET", "GET * HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        bad(
            "Hixie-76 keys",
            GET
                + "Connection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n12345678"),
        bad("Connection names Host", GET + "Connection: Host\r\n\r\n"),
        bad(
            "Connection names Content-Length",
            POST + "Connection: content-length\r\nContent-Length: 3\r\n\r\nabc"),
        bad(
            "Connection names Transfer-Encoding",
            POST
                + "Connection: close, transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        bad("Connection names X-Forwarded-For", GET + "Connection: X-Forwarded-For\r\n\r\n"),
        bad("Connection names Cookie", GET + "Connection: cookie\r\n\r\n"),
        status(417, "expects the impossible", GET + "Expect: 200-ok\r\n\r\n"),
        status(
            417,
            "expects twice",
            POST + "Expect: 100-continue\r\nExpect: x\r\nContent-Length: 1\r\n\r\na"),
        status(505, "HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        status(505, "HTTP/1.2", "GET / HTTP/1.2\r\nHost: app.test\r\n\r\n"),
        status(405, "CONNECT", "CONNECT app.test:80 HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        status(405, "TRACE", "TRACE / HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        status(
            414,
            "long target",
            "GET /" + "a".repeat(17_000) + " HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        status(431, "large head", GET + "X: " + "a".repeat(66_000) + "\r\n\r\n"),
        status(431, "many fields", GET + "X: a\r\n".repeat(101) + "\r\n"),
        bad("endless empty lines", "\r\n".repeat(20) + GET + "\r\n"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("ambiguous")
  void ambiguityIsRefusedAndReachesNoInstance(int status, String name, String request)
      throws IOException {
    int before = origin.requests().size();
    try (Wire client = router.connect()) {
      client.send(request + SMUGGLED);
      String answer = client.rest();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer).contains("\r\nConnection: close\r\n");
      assertThat(answer.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
    }
    assertThat(origin.requests()).hasSize(before);
  }

  static Stream<String> ambiguousChunks() {
    return Stream.of(
        " 5\r\nhello\r\n0\r\n\r\n",
        "5 junk\r\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "5_0\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        ";ext\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\rhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhellooo\r\n0\r\n\r\n",
        "5;a\nb\r\nhello\r\n0\r\n\r\n",
        "5;a=\"x\rb\"\r\nhello\r\n0\r\n\r\n",
        "5;a=\0\r\nhello\r\n0\r\n\r\n",
        "5;" + "a".repeat(2000) + "\r\nhello\r\n0\r\n\r\n",
        "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\na\r\n".repeat(1000) + "0\r\n\r\n",
        "ffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nX : a\r\n\r\n",
        "5\r\nhello\r\n0\r\n X: a\r\n\r\n",
        "5\r\nhello\r\n0\r\nX: a\n\r\n",
        "5\r\nhello\r\n0\r\nX: " + "a".repeat(9000) + "\r\n\r\n");
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("ambiguousChunks")
  void ambiguityInAChunkedBodyEndsBothConnections(String body) throws IOException {
    int before = origin.requests().size();
    try (Wire client = router.connect()) {
      client.send(CHUNKED + body + SMUGGLED);
      String answer = client.rest();
      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("X-Paas-Error: router.bad-request");
    }
    assertThat(origin.requests()).as("a request that never ended is none").hasSize(before);
  }

  static List<String> plain() {
    return List.of(
        "GET / HTTP/1.1\r\nhOST: APP.test.\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost:app.test:80\r\n\r\n",
        "GET http://app.test/x?y HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "GET http://app.test HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "GET http://app.test:80/ HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "GET http://app.test/ HTTP/1.1\r\nHost: app.test:80\r\n\r\n",
        "GET https://app.test:443/ HTTP/1.1\r\nHost: app.test\r\n\r\n",
        GET
            + "x_forwarded_for: 1\r\nX-Forwarded_Proto: 6.6.6.6\r\nx_real_ip: 6.6.6.6\r\nProxy: 6.6.6.6\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \t app.test \t\r\nX:\r\nY: a\tb\u00e9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 3\r\n\r\nabc",
        "DELETE / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 003\r\n\r\nabc",
        POST + "Transfer-Encoding: Chunked\r\n\r\nA;x=\"y\"\r\n0123456789\r\n000\r\n\r\n",
        POST + "Content-Length: 0\r\n\r\n",
        GET + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
        GET + "Expect: 100-continue\r\n\r\n",
        GET + "My_Field: underscores are no crime\r\n\r\n",
        GET + "X: a\r\n".repeat(99) + "\r\n");
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("plain")
  void whatIsPlainIsServedAndTheConnectionLives(String request) throws IOException {
    try (Wire client = router.connect()) {
      client.send(request);
      assertThat(client.message()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("ok");
      client.send("GET /next HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 200 OK\r\n");
    }
    assertThat(origin.requests())
        .noneMatch(
            seen ->
                seen.contains("h2c")
                    || seen.contains("6.6.6.6")
                    || seen.contains("HTTP2-Settings"));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("plain")
  void aRequestMayArriveByteByByte(String request) throws IOException {
    try (Wire client = router.connect()) {
      for (int i = 0; i < request.length(); i++) {
        client.send(request.substring(i, i + 1));
      }
      assertThat(client.message()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("ok");
    }
  }

  private static Arguments bad(String name, String request) {
    return status(400, name, request);
  }

  private static Arguments status(int status, String name, String request) {
    return Arguments.of(status, name, request);
  }
}
