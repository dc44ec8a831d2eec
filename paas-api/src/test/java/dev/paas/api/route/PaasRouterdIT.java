package dev.paas.api.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.router.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract with paas-routerd, from the distribution that {@code bin/build} makes. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are of HTTP
final class PaasRouterdIT extends RouterContract {

  private static final Path PROGRAM = Path.of("../dist/bin/paas-routerd").toAbsolutePath();

  private final Map<String, ServerSocket> origins = new HashMap<>();
  private Path folder;
  private int port;
  private Process router;

  /** The two ends of the request that is under way. */
  private @Nullable Socket client;

  private @Nullable Socket origin;

  @BeforeAll
  void open(@TempDir Path made) throws IOException {
    if (!Files.exists(PROGRAM)) {
      throw new IllegalStateException(PROGRAM + " is not there: run bin/build");
    }
    folder = made;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(
        folder.resolve("paas.toml"),
        """
        [platform]
        data = "%1$s/data"
        run = "%1$s/run"
        control-user = "0"
        [router]
        http = "127.0.0.1:%2$d"
        """
            .formatted(folder, port));
    router = launch();
  }

  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(PROGRAM.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    builder.environment().put("PAAS_CONFIG", folder.resolve("paas.toml").toString());
    return builder.start();
  }

  @AfterAll
  void close() throws IOException {
    router.destroyForcibly().onExit().join();
    for (ServerSocket each : origins.values()) {
      each.close();
    }
  }

  @Override
  Path socket() {
    return folder.resolve("run/router/control.sock");
  }

  @Override
  Backend backend(String instance) {
    return Backend.newBuilder()
        .setInstance(instance)
        .setAddress("127.0.0.1")
        .setPort(origins.computeIfAbsent(instance, key -> listening()).getLocalPort())
        .setLabel("web.1")
        .build();
  }

  private static ServerSocket listening() {
    try {
      return new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    } catch (IOException none) {
      throw new IllegalStateException(none);
    }
  }

  @Override
  void carry(String instance) throws IOException {
    Socket asking = new Socket(InetAddress.getLoopbackAddress(), port);
    client = asking;
    asking
        .getOutputStream()
        .write(
            ("GET / HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n")
                .getBytes(US_ASCII));
    origin = Objects.requireNonNull(origins.get(instance)).accept();
  }

  @Override
  void finish(String instance) throws IOException {
    Socket asked = Objects.requireNonNull(origin);
    asked
        .getOutputStream()
        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
    InputStream bytes = Objects.requireNonNull(client).getInputStream();
    try (BufferedReader answer = new BufferedReader(new InputStreamReader(bytes, US_ASCII))) {
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
    }
    asked.close();
  }

  @Override
  void restart() throws IOException {
    router.destroyForcibly().onExit().join();
    router = launch();
  }
}
