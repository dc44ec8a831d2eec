package dev.paas.router.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.paas.contract.router.Certificate;
import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.Challenge;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Site;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.TlsClient;
import dev.paas.router.harness.Wire;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and handshakes. */
final class TlsIT {

  private static final String GET = "GET / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n";

  @TempDir Path folder;
  private TestRouter router;

  @BeforeEach
  void start() throws IOException {
    router = TestRouter.start(folder, TestRouter.SECURE);
  }

  @AfterEach
  void stop() throws IOException {
    router.close();
  }

  private static Certificate certificate(String name, String... hosts)
      throws GeneralSecurityException {
    KeyedCertificate made = SelfSigned.named(name, Instant.EPOCH);
    return Certificate.newBuilder()
        .setId(name)
        .addAllHosts(List.of(hosts))
        .addChain(ByteString.copyFrom(made.chain().get(0).getEncoded()))
        .setKey(ByteString.copyFrom(made.key().getEncoded()))
        .build();
  }

  private static Certificates version(int version, Certificate... certificates) {
    return Certificates.newBuilder()
        .setVersion(version)
        .addAllCertificates(List.of(certificates))
        .build();
  }

  private static String shown(InetSocketAddress address, String name) throws IOException {
    return TlsClient.shown(address, name).getSubjectX500Principal().getName().substring(3);
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, exact",
    "A.TEST, exact",
    "b.a.test, wildcard",
    "c.b.a.test, no certificate yet",
    "other.test, no certificate yet",
    "'', no certificate yet",
  })
  void theNameThatIsAskedForChoosesTheCertificate(String asked, String expected)
      throws IOException, GeneralSecurityException {
    FromRouter answer =
        router.show(
            version(1, certificate("exact", "a.test"), certificate("wildcard", "*.a.test")));
    assertThat(answer.getStatus().getCertificates()).isEqualTo(1);
    assertThat(answer.getStatus().getUnusableList()).isEmpty();
    assertThat(shown(router.secureAddress(), asked)).isEqualTo(expected);
  }

  @Test
  void certificatesAreReplacedUnderConnectionsAndAnOlderVersionIsNotTaken()
      throws IOException, GeneralSecurityException {
    try (Origin origin = Origin.named("x")) {
      router.route(origin);
      router.show(version(2, certificate("second", "app.test")));
      try (Wire before = router.connect()) {
        assertThat(router.show(version(1)).getStatus().getCertificates()).isEqualTo(2);
        assertThat(shown(router.secureAddress(), "app.test")).isEqualTo("second");
        router.show(version(3, certificate("third", "app.test")));
        assertThat(shown(router.secureAddress(), "app.test")).isEqualTo("third");
        router.show(version(4));
        assertThat(shown(router.secureAddress(), "app.test")).isEqualTo("no certificate yet");
        assertThat(before.send(GET).rest()).endsWith("x");
      }
    }
  }

  static Stream<Certificate> unfit() throws GeneralSecurityException {
    Certificate good = certificate("unfit", "app.test");
    Certificate other = certificate("other");
    return Stream.of(
        good.toBuilder().setKey(other.getKey()).build(),
        good.toBuilder().setKey(ByteString.copyFromUtf8("no key")).build(),
        good.toBuilder().clearKey().build(),
        good.toBuilder().clearChain().build(),
        good.toBuilder().setChain(0, ByteString.copyFromUtf8("no certificate")).build(),
        good.toBuilder().addChain(ByteString.EMPTY).build(),
        good.toBuilder().setHosts(0, "APP.test").build(),
        good.toBuilder().setHosts(0, "").build());
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("unfit")
  void oneThatCantBeUsedIsNamedAndTheOthersAreShown(Certificate unfit)
      throws IOException, GeneralSecurityException {
    FromRouter answer = router.show(version(1, unfit, certificate("good", "good.test")));
    assertThat(answer.getStatus().getUnusableList()).containsExactly("unfit");
    assertThat(shown(router.secureAddress(), "good.test")).isEqualTo("good");
    assertThat(shown(router.secureAddress(), "app.test")).isEqualTo("no certificate yet");
    router.close();
    try (TestRouter next = TestRouter.start(folder, TestRouter.SECURE)) {
      assertThat(shown(next.secureAddress(), "good.test")).isEqualTo("good");
    }
  }

  @Test
  void whatWasAcknowledgedIsShownByTheNextRouterAndReadByNobodyElse()
      throws IOException, GeneralSecurityException {
    router.show(version(7, certificate("kept", "app.test")));
    router.close();
    Path files = folder.resolve("data/router");
    for (String secret : List.of("certificates", "ticket-keys")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(files.resolve(secret))))
          .isEqualTo("rw-------");
    }
    try (TestRouter next = TestRouter.start(folder, TestRouter.SECURE)) {
      assertThat(shown(next.secureAddress(), "app.test")).isEqualTo("kept");
    }
  }

  @Test
  void filesThatCantBeReadCostCertificatesAndSessionsAndNotTheStart() throws IOException {
    router.close();
    Path files = folder.resolve("data/router");
    Files.writeString(files.resolve("certificates"), "torn");
    Files.writeString(files.resolve("ticket-keys"), "2026-01-01T00:00:00Z abc\n");
    try (TestRouter next = TestRouter.start(folder, TestRouter.SECURE)) {
      assertThat(shown(next.secureAddress(), "app.test")).isEqualTo("no certificate yet");
    }
    assertThat(files.resolve("certificates.damaged")).hasContent("torn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aSessionIsResumedAtTheRouterThatComesNext(String protocol) throws IOException {
    TlsClient client = new TlsClient();
    InetSocketAddress address = router.secureAddress();
    SSLSession first = session(client, address, protocol);
    router.close();
    String same = "http = \"127.0.0.1:0\"\nhttps = \"127.0.0.1:" + address.getPort() + "\"";
    try (TestRouter next = TestRouter.start(folder, TestRouter.limits(same))) {
      SSLSession second = session(client, next.secureAddress(), protocol);
      assertThat(second.getProtocol()).isEqualTo(protocol);
      assertThat(second.getCreationTime()).isEqualTo(first.getCreationTime());
    }
    Files.delete(folder.resolve("data/router/ticket-keys"));
    try (TestRouter without = TestRouter.start(folder, TestRouter.limits(same))) {
      assertThat(session(client, without.secureAddress(), protocol).getCreationTime())
          .isNotEqualTo(first.getCreationTime());
    }
  }

  /** Reads an answer, as tickets of TLS 1.3 come before it. */
  private static SSLSession session(TlsClient client, InetSocketAddress address, String protocol)
      throws IOException {
    try (SSLSocket socket = client.open(address, "app.test", protocol);
        Wire wire = new Wire(socket)) {
      assertThat(wire.send(GET).rest()).startsWith("HTTP/1.1 503 ");
      return socket.getSession();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http, /a?b=%2f, 308",
    "http, http://app.test/a?b=%2f, 308",
    "http, /.well-known/acme-challenge/token, 200",
    "http, /.well-known/acme-challenge/other, 502",
    "http, *, 502",
    "https, /a, 502",
    "https, /.well-known/acme-challenge/token, 200",
  })
  void aSiteSendsPlainHttpToTlsButNotAnAuthorityThatChecksIt(
      String scheme, String target, int status) throws IOException {
    router.publish(
        table ->
            table.addRoutes(
                TestRouter.app(List.of(TestRouter.backend("a", 1))).toBuilder()
                    .setSites(
                        0,
                        Site.newBuilder()
                            .setHost("app.test")
                            .setHttpsPort(8443)
                            .addChallenges(
                                Challenge.newBuilder().setToken("token").setAnswer("token.key")))));
    try (Wire client = scheme.equals("http") ? Wire.to(router.address()) : router.connect()) {
      String method = target.equals("*") ? "OPTIONS " : "GET ";
      client.send(method + target + " HTTP/1.1\r\nHost: App.test\r\nConnection: close\r\n\r\n");
      String answer = client.rest();
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer.contains("\r\nLocation: https://app.test:8443/a?b=%2f\r\n"))
          .isEqualTo(status == 308);
      assertThat(answer.endsWith("\r\n\r\ntoken.key")).isEqualTo(status == 200);
    }
  }

  @Test
  void plainHttpIsToldThatThePortSpeaksHttps() throws IOException {
    try (Wire client = Wire.to(router.secureAddress())) {
      assertThat(client.send(GET).rest())
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains("X-Paas-Error: router.plain-http");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0",
        "\u0016\u0003\u0001\u0000\u0005hello",
        "\u0015\u0003\u0003\0\2\2\50",
        "SSH-2"
      })
  void whateverElseComesIsNoHandshakeAndEndsTheConnection(String bytes) throws IOException {
    try (Wire client = Wire.to(router.secureAddress())) {
      client.send(bytes);
      client.rest();
    }
    try (Origin origin = Origin.named("x")) {
      router.route(origin);
      assertThat(router.get("app.test")).endsWith("x");
    }
  }

  /** A length of 16 MB, in records of the largest size. */
  @Test
  void aHelloWithoutEndIsNotTakenFurtherThanTheLargestThatThereIs() throws IOException {
    ByteArrayOutputStream hello = new ByteArrayOutputStream();
    hello.writeBytes(new byte[] {22, 3, 1, 0x40, 0, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff});
    hello.writeBytes(new byte[(1 << 14) - 4]);
    byte[] next = new byte[5 + (1 << 14)];
    System.arraycopy(new byte[] {22, 3, 1, 0x40, 0}, 0, next, 0, 5);
    try (Wire client = Wire.to(router.secureAddress())) {
      client.send(hello.toByteArray());
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1 << 10; i++) {
                  client.send(next);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\nbegun",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n"
      })
  void anAnswerThatIsCutDoesNotLookWhole(String begun) throws IOException, InterruptedException {
    CountDownLatch read = new CountDownLatch(1);
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send("HTTP/1.1 200 OK\r\n" + begun);
          try {
            read.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      // To a client of HTTP/1.0 the end of the connection is the end of the answer.
      client.send("GET / HTTP/1.0\r\nHost: app.test\r\n\r\n");
      boolean sized = client.head().contains("Content-Length");
      assertThat(client.bytes(5)).isEqualTo("begun");
      read.countDown();
      if (sized) {
        assertThat(client.read()).isNegative();
      } else {
        // No close_notify, without which a client must not take it for whole (RFC 8446 §6.1).
        assertThatThrownBy(client.socket().getInputStream()::read)
            .isInstanceOfAny(SSLException.class, SocketException.class, EOFException.class);
      }
    }
  }
}
