package dev.paas.api.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps the packaged process from starting is said in two lines, not in a stack trace. */
final class StartFaultIT {

  private static final int HEAP_MIB = 96;

  private static final String READY = "taking pushes";

  /** On a machine that does much else. */
  private static final Duration STARTED_WITHIN = Duration.ofMinutes(3);

  @TempDir Path folder;

  /** F10 in docs/reliability.md. */
  @Test
  void aDatabaseOfANewerVersionIsRefusedAndNamesTheFix() throws Exception {
    startAndKill();
    // What a later version would leave: a migration that this one does not have.
    try (Connection database = database();
        Statement statement = database.createStatement()) {
      statement.execute(
          """
          insert into "flyway_schema_history" ("installed_rank", "version", "description", "type",
            "script", "checksum", "installed_by", "execution_time", "success")
          values (1000, '9999', 'later', 'SQL', 'V9999__later.sql', 1, 'SA', 1, true)
          """);
      // The file remembers that paasd keeps it open without a connection.
      statement.execute("shutdown");
    }
    assertThat(refusal(78))
        .contains("store.newer-schema")
        .contains("9999")
        .contains("fix: Install");
  }

  @Test
  void aDatabaseThatIsInUseIsRefusedAndNamesTheFix() throws Exception {
    Process first = launch("first.log", freePort());
    try {
      await("first.log", READY);
      assertThat(refusal(75)).contains("store.locked").contains("fix: Stop the other paasd");
    } finally {
      first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aLostKeyIsRefusedAndNamesTheFix() throws Exception {
    startAndKill();
    Files.delete(folder.resolve("data/db/seal.key"));
    assertThat(refusal(78)).contains("store.seal-key-missing").contains("fix: Put it back");
    assertThat(folder.resolve("data/db/seal.key")).doesNotExist();
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process paasd = launch("refused.log", taken.getLocalPort());
      assertThat(paasd.waitFor(STARTED_WITHIN.toSeconds(), TimeUnit.SECONDS))
          .as("it ends")
          .isTrue();
      assertThat(read("refused.log"))
          .contains("settings.port-taken")
          .contains("127.0.0.1:" + taken.getLocalPort())
          .doesNotContain("\tat ");
    }
  }

  @Test
  void nothingListensButTheApiAndSsh() throws Exception {
    Process paasd = launch("start.log", freePort());
    try {
      await("start.log", "Listening on: ");
      Process sockets = new ProcessBuilder("ss", "-Hltnp").redirectErrorStream(true).start();
      String listening = new String(sockets.getInputStream().readAllBytes(), UTF_8);
      assertThat(listening.lines().filter(line -> line.contains("pid=" + paasd.pid() + ",")))
          .hasSize(2);
    } finally {
      paasd.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  /** What a start says that must end with {@code exitCode} and without a stack trace. */
  private String refusal(int exitCode) throws Exception {
    Process paasd = launch("refused.log", freePort());
    try {
      assertThat(paasd.waitFor(STARTED_WITHIN.toSeconds(), TimeUnit.SECONDS))
          .as("it ends")
          .isTrue();
    } finally {
      paasd.destroyForcibly();
    }
    String said = read("refused.log");
    assertThat(paasd.exitValue()).as(said).isEqualTo(exitCode);
    assertThat(said).contains("error: ").doesNotContain("\tat ");
    return said;
  }

  private void startAndKill() throws Exception {
    Process paasd = launch("start.log", freePort());
    try {
      await("start.log", READY);
    } finally {
      paasd.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private void await(String log, String text) {
    Awaitility.await(text)
        .atMost(STARTED_WITHIN)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(read(log)).contains(text));
  }

  private String read(String log) throws IOException {
    return Files.readString(folder.resolve(log));
  }

  private Connection database() throws Exception {
    return DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("data/db/paas"), "sa", "");
  }

  private Process launch(String log, int port) throws IOException {
    Files.createDirectories(folder.resolve("data/db"));
    Files.writeString(folder.resolve("data/db/first-admin.pub"), TestPlatform.ADMIN_KEY);
    Path settings = folder.resolve(port + ".toml");
    Files.writeString(
        settings,
        """
        [platform]
        id = "start"
        data = "%1$s/data"
        run = "%1$s/run"
        [api]
        listen = "127.0.0.1:%2$d"
        [ssh]
        listen = "127.0.0.1:0"
        """
            .formatted(folder, port));
    return PaasdProgram.start(settings, folder.resolve(log), HEAP_MIB, Map.of());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
