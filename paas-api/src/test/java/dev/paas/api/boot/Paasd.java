package dev.paas.api.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The packaged process with a folder and ports of its own, started and ended again and again. */
final class Paasd {

  private static final Duration STARTED_WITHIN = Duration.ofMinutes(2);
  private static final int HEAP_MIB = 128;

  private final Path folder;
  private final int api = freePort();
  private final int ssh = freePort();
  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable Process process;

  Paasd(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("data/db"));
    Files.writeString(folder.resolve("data/db/first-admin.pub"), TestPlatform.ADMIN_KEY);
    Files.writeString(
        folder.resolve("paas.toml"),
        """
        [platform]
        id = "lives"
        domain = "apps.test"
        data = "%1$s/data"
        run = "%1$s/run"
        [api]
        listen = "127.0.0.1:%2$d"
        fault-points = true
        [ssh]
        listen = "127.0.0.1:%3$d"
        [router]
        http = "127.0.0.1:0"
        """
            .formatted(folder, api, ssh));
  }

  int sshPort() {
    return ssh;
  }

  int apiPort() {
    return api;
  }

  Path run() {
    return folder.resolve("run");
  }

  /** Starts with a fault that happens each time; returns at once. */
  Process launch(String fault) throws IOException {
    Process started =
        PaasdProgram.start(
            folder.resolve("paas.toml"),
            folder.resolve("log"),
            HEAP_MIB,
            Map.of("PAAS_FAULT", fault));
    process = started;
    return started;
  }

  /** Starts and waits until it takes pushes. */
  Process start(String fault) throws IOException {
    long before = lives();
    Process started = launch(fault);
    Awaitility.await("paasd takes pushes")
        .atMost(STARTED_WITHIN)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> lives() > before && get("/v1/version").has("version"));
    return started;
  }

  private long lives() throws IOException {
    Path log = folder.resolve("log");
    return Files.exists(log)
        ? Files.readString(log).lines().filter(line -> line.contains("taking pushes")).count()
        : 0;
  }

  String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    end(true);
  }

  /** SIGTERM. */
  void stop() throws InterruptedException {
    end(false);
  }

  private void end(boolean forcibly) throws InterruptedException {
    Process running = process;
    if (running == null) {
      return;
    }
    if (forcibly) {
      running.destroyForcibly();
    } else {
      running.destroy();
    }
    if (!running.waitFor(60, TimeUnit.SECONDS)) {
      running.destroyForcibly().waitFor();
    }
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return call("GET", path, "");
  }

  JsonNode call(String method, String path, String body) throws IOException, InterruptedException {
    String token = Files.readString(folder.resolve("data/db/first-admin.token")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new ObjectMapper().readTree(answer.body());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new IllegalStateException(none);
    }
  }
}
