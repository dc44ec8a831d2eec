package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills the packaged process while it answers writes. */
final class DurabilityIT {

  private static final int HEAP_MIB = 96;
  private static final int ROUNDS = 3;
  private static final int WRITERS = 4;
  private static final int WRITES_A_ROUND = 60;

  @TempDir Path folder;

  @Test
  void everyAcknowledgedWriteSurvivesAKill() throws Exception {
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    writeSettings(port);
    Set<String> acknowledged = new ConcurrentSkipListSet<>();
    AtomicInteger number = new AtomicInteger();
    for (int round = 0; round < ROUNDS; round++) {
      Process paasd = start(url);
      try {
        String token = Files.readString(folder.resolve("data/db/first-admin.token")).strip();
        assertThat(names(url, token)).containsAll(acknowledged);
        writeUntilKilled(paasd, url, token, acknowledged, number);
      } finally {
        paasd.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    }
    Process paasd = start(url);
    try {
      String token = Files.readString(folder.resolve("data/db/first-admin.token")).strip();
      assertThat(names(url, token)).containsAll(acknowledged);
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * WRITES_A_ROUND);
    } finally {
      paasd.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"app.marked-destroyed", "app.cleaned"})
  void aDestructionThatACrashInterruptsIsFinishedAtTheNextStart(String point) throws Exception {
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    writeSettings(port);
    Process doomed = start(url, point + ":crash");
    String token = Files.readString(folder.resolve("data/db/first-admin.token")).strip();
    try {
      assertThat(call("POST", url + "/v1/apps", token, "{\"name\":\"gone\"}").code())
          .isEqualTo(201);
      assertThatThrownBy(() -> call("DELETE", url + "/v1/apps/gone", token, ""))
          .isInstanceOf(IOException.class);
      assertThat(doomed.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      doomed.destroyForcibly();
    }
    Process paasd = start(url);
    try {
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(call("POST", url + "/v1/apps", token, "{\"name\":\"gone\"}").code())
                      .isEqualTo(201));
    } finally {
      paasd.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void anotherSealKeyIsRefusedAtStart() throws Exception {
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    writeSettings(port);
    start(url).destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    Path key = folder.resolve("data/db/seal.key");
    Files.delete(key);
    Process without = launch("none");
    assertThat(without.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(without.exitValue()).isNotZero();
    assertThat(key).doesNotExist();
    assertThat(Files.readString(folder.resolve("log"))).contains("store.seal-key-missing");
  }

  private static void writeUntilKilled(
      Process paasd, String url, String token, Set<String> acknowledged, AtomicInteger number)
      throws InterruptedException {
    int enough = acknowledged.size() + WRITES_A_ROUND;
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    for (int i = 0; i < WRITERS; i++) {
      writers.execute(
          () -> {
            while (!over.get()) {
              String name = "a" + number.incrementAndGet();
              try {
                if (call("POST", url + "/v1/apps", token, "{\"name\":\"" + name + "\"}").code()
                    == 201) {
                  acknowledged.add(name);
                }
              } catch (IOException killed) {
                return;
              }
            }
          });
    }
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() >= enough);
    paasd.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    over.set(true);
    writers.shutdown();
    assertThat(writers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private Process start(String url) throws IOException {
    return start(url, "none");
  }

  private Process start(String url, String fault) throws IOException {
    Process paasd = launch(fault);
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .until(() -> call("GET", url + "/v1/version", "", "").code() == 200);
    return paasd;
  }

  private Process launch(String fault) throws IOException {
    return PaasdProgram.start(
        folder.resolve("paas.toml"), folder.resolve("log"), HEAP_MIB, Map.of("PAAS_FAULT", fault));
  }

  private Set<String> names(String url, String token) throws IOException {
    Set<String> names = new TreeSet<>();
    for (JsonNode app :
        new ObjectMapper().readTree(call("GET", url + "/v1/apps", token, "").body())) {
      names.add(app.get("name").asText());
    }
    return names;
  }

  private void writeSettings(int port) throws IOException {
    Files.createDirectories(folder.resolve("data/db"));
    Files.writeString(folder.resolve("data/db/first-admin.pub"), TestPlatform.ADMIN_KEY);
    Files.writeString(
        folder.resolve("paas.toml"),
        """
        [platform]
        id = "durable"
        data = "%1$s/data"
        run = "%1$s/run"
        [api]
        listen = "127.0.0.1:%2$d"
        fault-points = true
        [ssh]
        listen = "127.0.0.1:0"
        [router]
        http = "127.0.0.1:0"
        """
            .formatted(folder, port));
  }

  private record Answer(int code, String body) {}

  private static Answer call(String method, String url, String token, String body)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setReadTimeout(20_000);
    connection.setRequestProperty("Authorization", "Bearer " + token);
    if (!body.isEmpty()) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
    }
    int code = connection.getResponseCode();
    if (code >= 400) {
      return new Answer(code, "");
    }
    return new Answer(
        code, new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
