package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Another proxy in front of the router, such as one that ends TLS. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class TrustedProxyIT {

  private static final String TRUSTED = "127.0.5.1";
  private static final String FOREIGN = "127.0.6.1";
  private static final String GET = "GET / HTTP/1.1\r\nHost: app.test\r\n";

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

  private Origin start(boolean proxyProtocol) throws IOException {
    router.close();
    router = TestRouter.start(folder, TestRouter.behind("127.0.5.0/24", proxyProtocol));
    Origin origin = Origin.named("ok");
    router.route(origin);
    return origin;
  }

  private Wire from(String address) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(router.address());
    return new Wire(socket);
  }

  @Test
  void whatATrustedProxySaysOfItsClientIsBelieved() throws IOException {
    try (Origin origin = start(false);
        Wire proxy = from(TRUSTED)) {
      proxy.send(
          GET
              + "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\nX-Forwarded-For: 127.0.5.9\r\n"
              + "X-Forwarded-Proto: https\r\n\r\n");
      assertThat(proxy.message()).endsWith("ok");
      assertThat(origin.requests().element())
          .contains("\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.7, 127.0.5.9, 127.0.5.1\r\n")
          .contains("\r\nX-Forwarded-Proto: https\r\n")
          .contains("\r\nX-Forwarded-Port: 443\r\n");
      await().until(() -> router.accessLog().contains("\"client\":\"192.0.2.7\""));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '#',
      value = {
        "Forwarded: for=192.0.2.7;proto=https # 192.0.2.7, 127.0.5.1 # https # 443",
        "Forwarded: for=\"[2001:db8::7]:1\";proto=http # 2001:db8::7, 127.0.5.1 # http # 80",
        // Another proxy of trust between; what the client wrote before is no one's word.
        "Forwarded: for=6.6.6.6;proto=https, for=192.0.2.7|Forwarded: for=127.0.5.9;proto=https"
            + " # 6.6.6.6, 192.0.2.7, 127.0.5.9, 127.0.5.1 # http # 80",
        "Forwarded: for=192.0.2.7;proto=https|X-Forwarded-For: 192.0.2.8"
            + " # 192.0.2.8, 127.0.5.1 # http # 80",
        "Forwarded: for=192.0.2.7|X-Forwarded-Proto: https # 127.0.5.1 # https # 443",
        "Forwarded: for=192.0.2.7;;=;proto=https # 127.0.5.1 # http # 80",
        "X-Forwarded-For: 192.0.2.7|X-Forwarded-Port: 8443 # 192.0.2.7, 127.0.5.1 # http # 8443",
        "A: b # 127.0.5.1 # http # 80"
      })
  void whatATrustedProxySaysIsToldInOneWay(String fields, String way, String proto, String port)
      throws IOException {
    try (Origin origin = start(false);
        Wire proxy = from(TRUSTED)) {
      proxy.send(GET + fields.replace("|", "\r\n") + "\r\n\r\n");
      assertThat(proxy.message()).endsWith("ok");
      assertThat(origin.requests().element())
          .contains("\r\nX-Forwarded-For: " + way + "\r\n")
          .contains("\r\nX-Forwarded-Proto: " + proto + "\r\n")
          .contains("\r\nX-Forwarded-Port: " + port + "\r\n")
          .doesNotContain("\r\nForwarded:");
    }
  }

  @Test
  void whatAnyoneElseSaysIsNot() throws IOException {
    try (Origin origin = start(false);
        Wire client = from(FOREIGN)) {
      client.send(
          GET
              + "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n"
              + "Forwarded: for=6.6.6.6;proto=https\r\n\r\n");
      assertThat(client.message()).endsWith("ok");
      assertThat(origin.requests().element())
          .contains("\r\nX-Forwarded-For: 127.0.6.1\r\n")
          .contains("\r\nX-Forwarded-Proto: http\r\n");
    }
  }

  @Test
  void aProxyHeaderNamesTheClientOfTheConnection() throws IOException {
    byte[] binary = new byte[16 + 12 + 3 + 5];
    byte[] signature = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(signature, 0, binary, 0, signature.length);
    binary[12] = 0x21;
    binary[13] = 0x11;
    binary[15] = 12 + 3 + 5;
    byte[] addresses = {(byte) 192, 0, 2, 7, 10, 0, 0, 1, 0x30, 0x39, 0, 80};
    System.arraycopy(addresses, 0, binary, 16, addresses.length);
    // By TLS.
    binary[16 + 12] = 0x20;
    binary[16 + 12 + 2] = 5;
    binary[16 + 12 + 3] = 1;
    byte[] line = "PROXY TCP4 192.0.2.7 10.0.0.1 12345 80\r\n".getBytes(StandardCharsets.US_ASCII);
    try (Origin origin = start(true)) {
      for (byte[] header : List.of(binary, line)) {
        try (Wire proxy = from(TRUSTED)) {
          for (byte each : header) {
            proxy.send(new byte[] {each});
          }
          for (int i = 0; i < 2; i++) {
            proxy.send(GET + "X-Forwarded-For: 6.6.6.6\r\n\r\n");
            assertThat(proxy.message()).endsWith("ok");
          }
        }
      }
      assertThat(origin.requests())
          .hasSize(4)
          .allMatch(seen -> seen.contains("\r\nX-Forwarded-For: 192.0.2.7\r\n"));
      assertThat(origin.requests())
          .filteredOn(
              seen ->
                  seen.contains("\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: app.test\r\n")
                      && seen.contains("\r\nX-Forwarded-Port: 443\r\n"))
          .hasSize(2);
    }
    await().until(() -> router.process().budget().holders() == 0);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "PROXY\r\n",
        "PROXY \r\n",
        "PROXY TCP4 localhost 10.0.0.1 1 80\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 80\n",
        "PROXY TCP4 192.0.2.7\r\n",
        "\r\n\r\n\0\r\nQUIT\n\u0011\u0011\0\u000c123456789012",
        "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u0004\u0001\u0002\u0003\u0004",
        "\r\n\r\n\0\r\nQUIT\n!\u0011\u00ff\u00ff"
      })
  void aTrustedProxyWithoutAWholeHeaderIsRefused(String bytes) throws IOException {
    try (Origin origin = start(true);
        Wire proxy = from(TRUSTED)) {
      proxy.send(bytes + "x".repeat(120));
      assertThat(proxy.rest()).startsWith("HTTP/1.1 400 ");
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void aProxyHeaderOfAnyoneElseIsRefused() throws IOException {
    try (Origin origin = start(true);
        Wire client = from(FOREIGN)) {
      client.send("PROXY TCP4 192.0.2.7 10.0.0.1 12345 80\r\n" + GET + "\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
      assertThat(origin.requests()).isEmpty();
    }
  }
}
