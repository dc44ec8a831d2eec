package dev.paas.runtime.solve.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.paas.base.settings.DataSize;
import dev.paas.runtime.content.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads by TLS, from a server whose certificate is for localhost. */
final class SecureDownloadIT {

  private static final char[] PASSWORD = "secret".toCharArray();
  private static final byte[] CONTENT = "a tool".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;
  private HttpsServer server;
  private SSLSocketFactory trustingOthers;
  private SSLContext trusted;

  @BeforeEach
  void start() throws Exception {
    trustingOthers = HttpsURLConnection.getDefaultSSLSocketFactory();
    KeyStore keys = keys();
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD);
    TrustManagerFactory others = TrustManagerFactory.getInstance("PKIX");
    others.init(keys);
    trusted = SSLContext.getInstance("TLS");
    trusted.init(own.getKeyManagers(), others.getTrustManagers(), null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(trusted));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
          }
        });
    server.start();
  }

  private KeyStore keys() throws Exception {
    Path store = temp.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
    Process made =
        new ProcessBuilder(
                (keytool
                        + " -genkeypair -storetype PKCS12 -storepass secret -alias it -keyalg RSA"
                        + " -keysize 2048 -dname CN=localhost -ext san=dns:localhost -keystore "
                        + store)
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(made.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyStore all = KeyStore.getInstance("PKCS12");
    all.load(null, PASSWORD);
    all.setKeyEntry("it", keys.getKey("it", PASSWORD), PASSWORD, keys.getCertificateChain("it"));
    all.setCertificateEntry("authority", keys.getCertificate("it"));
    return all;
  }

  @AfterEach
  void stop() {
    HttpsURLConnection.setDefaultSSLSocketFactory(trustingOthers);
    server.stop(0);
  }

  private Download open(String host) throws IOException {
    return Download.open(
        "https://" + host + ":" + server.getAddress().getPort() + "/tool",
        new Download.Limits(new DataSize(1 << 20), Duration.ofMinutes(1), address -> true));
  }

  @Test
  void aCertificateThatIsTrustedAndForThisHostIsEnough() throws IOException {
    HttpsURLConnection.setDefaultSSLSocketFactory(trusted.getSocketFactory());
    try (Download download = open("localhost")) {
      assertThat(download.writeTo(temp.resolve("tool"))).isEqualTo(Sha256.of(CONTENT));
    }
  }

  @Test
  void aCertificateForAnotherHostIsNot() {
    HttpsURLConnection.setDefaultSSLSocketFactory(trusted.getSocketFactory());
    assertThatThrownBy(() -> open("127.0.0.1")).hasMessageContaining("build.download-failed");
  }

  @Test
  void aCertificateOfNobodyKnownIsNot() {
    assertThatThrownBy(() -> open("localhost")).hasMessageContaining("build.download-failed");
  }
}
