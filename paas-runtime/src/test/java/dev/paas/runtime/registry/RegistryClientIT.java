package dev.paas.runtime.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.paas.runtime.content.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a registry may make us do, with servers that do not do what a registry does. */
final class RegistryClientIT {

  private static final byte[] CONTENT = "content".getBytes(UTF_8);
  private static final Sha256 DIGEST = Sha256.of(CONTENT);

  /** The user {@code user} with the password {@code secret}. */
  private static final String BASIC = "Basic dXNlcjpzZWNyZXQ=";

  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer registry;
  private HttpServer other;

  @BeforeEach
  void start() throws IOException {
    registry = server();
    other = server();
  }

  private HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    return server;
  }

  @AfterEach
  void stop() {
    end.countDown();
    registry.stop(0);
    other.stop(0);
    threads.shutdownNow();
  }

  private ImageName name() {
    return ImageName.parse("127.0.0.1:" + registry.getAddress().getPort() + "/team/app:1");
  }

  private static RegistrySource admin() {
    return new RegistrySource(
        new RegistryCredentials("user", "secret"), RegistryReach.PUBLIC.ofAdmin());
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void redirects(String to) {
    registry.createContext(
        "/v2/",
        exchange -> {
          if (!BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"it\"");
            answer(exchange, 401, new byte[0]);
            return;
          }
          exchange.getResponseHeaders().set("Location", to);
          answer(exchange, 307, new byte[0]);
        });
  }

  @Test
  void aPasswordDoesNotFollowARedirect() throws IOException {
    List<String> shown = new CopyOnWriteArrayList<>();
    other.createContext(
        "/",
        exchange -> {
          shown.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          answer(exchange, 200, CONTENT);
        });
    redirects("http://127.0.0.1:" + other.getAddress().getPort() + "/blob");
    assertThat(new RegistryClient(name(), admin()).document(DIGEST)).isEqualTo(CONTENT);
    assertThat(shown).containsExactly("null");
  }

  @Test
  void aPasswordIsNotGivenToWhoeverIsRedirectedToAndAsksForIt() {
    List<String> shown = new CopyOnWriteArrayList<>();
    other.createContext(
        "/",
        exchange -> {
          shown.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"it\"");
          answer(exchange, 401, new byte[0]);
        });
    redirects("http://127.0.0.1:" + other.getAddress().getPort() + "/blob");
    assertThatThrownBy(() -> new RegistryClient(name(), admin()).document(DIGEST))
        .hasMessageContaining("image.access-denied");
    assertThat(shown).containsExactly("null");
  }

  @ParameterizedTest
  @CsvSource({
    "https://10.0.0.1/blob,image.private-registry",
    "https://[fd00::1]/blob,image.private-registry",
    "https://169.254.169.254/latest/meta-data,image.registry-failed",
    "http://10.0.0.1/blob,image.registry-failed",
    "file:///etc/passwd,image.registry-failed",
  })
  void noRedirectLeadsToAPrivateAddress(String to, String code) {
    redirects(to);
    assertThatThrownBy(() -> new RegistryClient(name(), admin()).document(DIGEST))
        .hasMessageContaining(code);
  }

  private RegistryClient writing(Duration stalled) {
    return RegistryClient.writing(name(), admin(), stalled);
  }

  /** Takes the upload at the given attempt; before, it reads all of it and fails. */
  private AtomicInteger takesAttempt(int which) {
    AtomicInteger attempts = new AtomicInteger();
    registry.createContext(
        "/v2/",
        exchange -> {
          switch (exchange.getRequestMethod()) {
            case "POST" -> {
              exchange.getResponseHeaders().set("Location", "/v2/upload?state=1");
              answer(exchange, 202, new byte[0]);
            }
            case "PUT" -> {
              byte[] body = exchange.getRequestBody().readAllBytes();
              boolean taken = attempts.incrementAndGet() == which && body.length == CONTENT.length;
              answer(exchange, taken ? 201 : 503, new byte[0]);
            }
            default -> answer(exchange, 404, new byte[0]);
          }
        });
    return attempts;
  }

  @Test
  void aBlobIsSentOnceMoreWhenTheRegistryWasInTrouble() throws IOException {
    AtomicInteger attempts = takesAttempt(3);
    writing(Duration.ofMinutes(1)).upload(DIGEST, CONTENT.length, out -> out.write(CONTENT));
    assertThat(attempts).hasValue(3);
  }

  @Test
  void aRegistryThatStaysInTroubleIsGivenUp() {
    AtomicInteger attempts = takesAttempt(100);
    assertThatThrownBy(
            () ->
                writing(Duration.ofMinutes(1))
                    .upload(DIGEST, CONTENT.length, out -> out.write(CONTENT)))
        .hasMessageContaining("503");
    assertThat(attempts).hasValue(6);
  }

  @Test
  void aRegistryThatTakesNothingHoldsNobodyUpForEver() {
    registry.createContext(
        "/v2/",
        exchange -> {
          switch (exchange.getRequestMethod()) {
            case "POST" -> {
              exchange.getResponseHeaders().set("Location", "/v2/upload");
              answer(exchange, 202, new byte[0]);
            }
            case "PUT" -> hang(exchange);
            default -> answer(exchange, 404, new byte[0]);
          }
        });
    byte[] much = new byte[1 << 20];
    long size = 1L << 30;
    assertThatThrownBy(
            () ->
                writing(Duration.ofMillis(50))
                    .upload(
                        DIGEST,
                        size,
                        out -> {
                          for (long sent = 0; sent < size; sent += much.length) {
                            out.write(much);
                          }
                        }))
        .hasMessageContaining("it takes nothing");
  }

  @Test
  void whatCanNotBeReadHereIsNotTheRegistrysFault() {
    AtomicInteger attempts = takesAttempt(1);
    AtomicInteger reads = new AtomicInteger();
    assertThatThrownBy(
            () ->
                writing(Duration.ofMinutes(1))
                    .upload(
                        DIGEST,
                        CONTENT.length,
                        out -> {
                          reads.incrementAndGet();
                          out.write(CONTENT, 0, 1);
                          throw new IOException("the disk is broken");
                        }))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is broken");
    assertThat(reads).hasValue(1);
    assertThat(attempts.get()).isLessThanOrEqualTo(1);
  }

  @Test
  void nothingIsReadForWhoeverWasInterrupted() {
    registry.createContext("/v2/", exchange -> answer(exchange, 200, CONTENT));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> new RegistryClient(name(), admin()).document(DIGEST))
          .hasMessageContaining("cancelled");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anInterruptEndsWhatIsReadBelowTls() throws IOException {
    CheckedSockets sockets =
        new CheckedSockets((SSLSocketFactory) SSLSocketFactory.getDefault(), address -> {});
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = sockets.createSocket()) {
      client.connect(server.getLocalSocketAddress(), 0);
      try (Socket accepted = server.accept()) {
        accepted.getOutputStream().write(CONTENT);
        assertThat(client.getInputStream().read()).isEqualTo(CONTENT[0]);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  private void hang(HttpExchange exchange) throws IOException {
    try {
      end.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }
}
