package dev.paas.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ports of instances, reached from here. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ForwardIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static final Pattern LISTENS = Pattern.compile("127\\.0\\.0\\.1:([0-9]+) is web\\.1:");

  /** Gives back in capitals what it is sent, at the end of that, on the loopback address alone. */
  private static final String SERVER =
      "require('net').createServer({allowHalfOpen: true}, s => {"
          + " let all = ''; s.on('data', d => all += d); s.on('error', () => {});"
          + " s.on('end', () => s.end(all.toUpperCase())); })"
          + ".listen(6000, '127.0.0.1', () => console.log('listens'))";

  private final Platform platform;
  private final GitApp app;

  ForwardIT(Platform platform) {
    this.platform = platform;
    this.app = GitApp.probe(platform);
  }

  @BeforeAll
  void push() {
    app.push().succeed();
  }

  @AfterAll
  void destroy() {
    app.close();
  }

  private static int port(Command.Running forward) {
    Awaitility.await("it listens")
        .atMost(SOON)
        .until(() -> LISTENS.matcher(forward.output()).find());
    Matcher said = LISTENS.matcher(forward.output());
    assertThat(said.find()).isTrue();
    return Integer.parseInt(said.group(1));
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    socket.setSoTimeout((int) SOON.toMillis());
    return socket;
  }

  @Test
  void aServerThatOnlyItsInstanceReachesAnswersHere() throws Exception {
    try (Command.Running server = app.paas("exec", "web.1", "--", "node", "-e", SERVER).start();
        Command.Running forward = app.paas("forward", "0:6000", "web.1").start()) {
      Awaitility.await("the server listens")
          .atMost(SOON)
          .until(() -> server.output().contains("listens"));
      int port = port(forward);
      String text = "both ways ".repeat(30_000);
      try (Socket first = connect(port);
          Socket second = connect(port)) {
        second.getOutputStream().write("beside it".getBytes(UTF_8));
        second.shutdownOutput();
        first.getOutputStream().write(text.getBytes(UTF_8));
        first.shutdownOutput();
        assertThat(new String(second.getInputStream().readAllBytes(), UTF_8))
            .isEqualTo("BESIDE IT");
        assertThat(new String(first.getInputStream().readAllBytes(), UTF_8))
            .isEqualTo(text.toUpperCase(java.util.Locale.ROOT));
      }
      assertThat(forward.errors()).isEmpty();
      forward.interrupt();
      assertThat(forward.await(SOON).exit()).isEqualTo(130);
    }
  }

  @Test
  void aPortThatNobodyHoldsIsSaidAndTheCommandGoesOn() throws Exception {
    try (Command.Running forward = app.paas("forward", "0:6999", "web.1").start()) {
      int port = port(forward);
      for (int times = 1; times <= 2; times++) {
        try (Socket refused = connect(port)) {
          assertThat(refused.getInputStream().read()).isEqualTo(-1);
        }
      }
      Awaitility.await("both are told")
          .atMost(SOON)
          .until(() -> forward.errors().lines().count() == 2);
      assertThat(forward.errors().lines())
          .allMatch(
              line ->
                  line.equals("error: Nobody listens on this port in the instance: web.1:6999"));
      assertThat(forward.alive()).isTrue();
    }
  }

  @Test
  void whatCantBeForwardedIsToldAtOnce() {
    assertThat(app.paas("forward", "0").fail().err()).contains("This is no port: 0");
    assertThat(app.paas("forward", "psql").fail().err()).contains("These are no ports: psql");
    assertThat(platform.paas("forward", "-a", "nosuch", "0:80").fail().err()).contains("nosuch");
  }
}
