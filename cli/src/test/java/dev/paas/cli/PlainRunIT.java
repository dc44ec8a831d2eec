package dev.paas.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.http.Cancellation;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Terminal;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code paas run} where there is no terminal. */
final class PlainRunIT {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] input = {};

  private int run(String url, String... words) {
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input),
            new PrintStream(out, false, UTF_8),
            new PrintStream(err, false, UTF_8),
            false,
            false,
            false);
    List<String> line = new ArrayList<>(List.of("run", "-a", "shop"));
    line.addAll(List.of(words));
    return new PaasCommand(terminal, true, Optional.empty(), Optional::empty, new Cancellation())
        .run(line, new Endpoint(url, "paas_token"));
  }

  @Test
  void aRunHasTheStreamsOfThisCommandAndItsExitCode() throws Exception {
    try (ExecServer server = new ExecServer()) {
      assertThat(
              run(
                  server.url(),
                  "--",
                  "sh",
                  "-c",
                  "printf '\\303\\266\\n'; echo no >&2; exit 3",
                  "--help"))
          .isEqualTo(3);
      assertThat(out.toString(UTF_8)).isEqualTo("ö\n");
      assertThat(err.toString(UTF_8)).isEqualTo("no\n");
      out.reset();
      assertThat(run(server.url(), "echo one | tr o O")).isZero();
      assertThat(out.toString(UTF_8)).isEqualTo("One\n");
      out.reset();
      assertThat(run(server.url(), "--json", "--", "sh", "-c", "echo hello; exit 3")).isEqualTo(3);
      assertThat(out.toString(UTF_8))
          .isEqualTo("{\"stdout\":\"aGVsbG8K\"}\n{\"exit\":3,\"detail\":\"\"}\n");
    }
  }

  /** What a platform does with one connection of a client. */
  private interface Part {
    void play(DataInputStream in, OutputStream out) throws Exception;
  }

  /** Plays one part for each connection, in turn; done when all were played. */
  private static CompletableFuture<Void> platform(ServerSocket listening, List<Part> parts) {
    CompletableFuture<Void> played = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                for (Part part : parts) {
                  try (Socket socket = listening.accept()) {
                    part.play(
                        new DataInputStream(new BufferedInputStream(socket.getInputStream())),
                        socket.getOutputStream());
                  }
                }
                played.complete(null);
              } catch (Throwable failed) { // or the test waits for ever
                played.completeExceptionally(failed);
              }
            },
            "platform");
    thread.setDaemon(true);
    thread.start();
    return played;
  }

  private static void begin(DataInputStream in, OutputStream out) throws Exception {
    Json asked = ExecServer.upgrade(in, out);
    assertThat(asked.flag("tty")).isFalse();
    ExecServer.send(out, 3, "{\"started\":{\"id\":\"s1\",\"instance\":\"run.1\"}}".getBytes(UTF_8));
    ExecServer.send(out, 1, "one\n".getBytes(UTF_8));
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static String url(ServerSocket listening) {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  @Test
  void aRunWhosePlatformWasAwayIsAttachedToAgain() throws Exception {
    try (ServerSocket listening = listen()) {
      CompletableFuture<Void> played =
          platform(
              listening,
              List.of(
                  (in, out) -> {
                    begin(in, out);
                    assertThat(ExecServer.frame(in)).containsExactly(6);
                  },
                  (in, out) -> {},
                  (in, out) -> {
                    Json asked = ExecServer.upgrade(in, out);
                    assertThat(asked.text("session")).isEqualTo("s1");
                    assertThat(asked.number("position")).isEqualTo(4);
                    assertThat(ExecServer.frame(in)).containsExactly(6);
                    ExecServer.send(out, 1, "two\n".getBytes(UTF_8));
                    ExecServer.send(
                        out, 3, "{\"exit\":{\"code\":7,\"detail\":\"\"}}".getBytes(UTF_8));
                    assertThat(in.read()).isEqualTo(-1);
                  }));
      assertThat(run(url(listening), "--", "true")).as(err.toString(UTF_8)).isEqualTo(7);
      assertThat(out.toString(UTF_8)).isEqualTo("one\ntwo\n");
      played.get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void aRunThatMayHaveLostInputIsLeftRunning() throws Exception {
    input = "precious".getBytes(UTF_8);
    try (ServerSocket listening = listen()) {
      CompletableFuture<Void> played =
          platform(
              listening,
              List.of(
                  (in, out) -> {
                    begin(in, out);
                    assertThat(new String(ExecServer.frame(in), UTF_8)).endsWith("precious");
                  }));
      assertThat(run(url(listening), "--", "cat")).isEqualTo(5);
      assertThat(err.toString(UTF_8)).contains("paas run:attach s1");
      played.get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void aRunThatBreaksOffBeforeItBeganIsNoSuccess() throws Exception {
    try (ServerSocket listening = listen()) {
      CompletableFuture<Void> played =
          platform(listening, List.of((in, out) -> ExecServer.upgrade(in, out)));
      assertThat(run(url(listening), "--", "true")).isEqualTo(5);
      played.get(1, TimeUnit.MINUTES);
    }
  }
}
