package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bytes that move cursors, forge lines or turn text around, wherever others may put some. */
@ExtendWith(SharedPlatform.class)
final class DisguiseThreatIT {
  /** Clears the screen, forges a line, and writes the rest from right to left. */
  private static final String EVIL = "evil\u001b[2J\u001b]0;title\u0007\r\u202eend";

  /** What no output may have: controls but tab, newline and colours, and what can't be seen. */
  private static final Pattern ACTS =
      Pattern.compile(
          "[\\x00-\\x08\\x0b-\\x1a\\x1c-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]"
              + "|\\x1b(?!\\[[0-9;]*m)");

  private static final Map<String, String> AUTHOR =
      Map.of(
          "GIT_AUTHOR_NAME", "a",
          "GIT_AUTHOR_EMAIL", "a@example.org",
          "GIT_COMMITTER_NAME", "a",
          "GIT_COMMITTER_EMAIL", "a@example.org");

  private final Platform platform;

  DisguiseThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T23 in docs/reliability.md. */
  @Test
  void whatOthersWriteActsInNoOutputAndNoLog() throws IOException {
    String printed =
        EVIL.replace("\u001b", "\\033").replace("\u0007", "\\007").replace("\r", "\\r");
    try (GitApp app =
        GitApp.of(
            platform,
            "disguise",
            Map.of(
                "server.js",
                """
                const evil = 'evil\\u001b[2J\\u001b]0;title\\u0007\\r\\u202eend';
                console.log(evil);
                console.error(evil);
                require('node:http').createServer((q, a) => a.end('ok')).listen(process.env.PORT);
                """,
                "package.json",
                """
                {"name": "disguise", "scripts": {
                  "start": "node server.js",
                  "build": "printf '%s\\n'"}}
                """
                    .formatted(printed.replace("\\", "\\\\"))))) {
      app.write(EVIL.replace("/", "-"), "a file\n");
      app.commit("A message " + EVIL);
      String push = app.push().succeed().err();
      harmless(push.replace("\u001b[K", "").replace("\r", "")); // git's own
      app.git("branch", "side-\u202eedis").succeed();
      harmless(
          app.git("push", "paas", "side-\u202eedis")
              .run()
              .err()
              .lines()
              .filter(line -> line.startsWith("remote:"))
              .reduce("", (a, b) -> a + b.replace("\u001b[K", "") + "\n"));
      harmless(platform.ssh("logs", "-a", app.name()).succeed().all());
      assertThat(platform.ssh("logs", "-a", app.name()).succeed().out()).contains("\\u001b[2J");
      harmless(app.paas("logs", "--json").succeed().all());
      for (String command : new String[] {"ps", "releases", "builds", "info"}) {
        harmless(platform.ssh(command, "-a", app.name()).succeed().all());
      }
      harmless(platform.ssh("builds:output", "1", "-a", app.name()).succeed().all());
      harmless(app.paas("config:set", EVIL + "=x").fail().all());
      harmless(app.paas("scale", EVIL + "=1").fail().all());
      harmless(platform.paas("ps", "-a", EVIL).fail().all());
      harmless(platform.ssh("'" + EVIL + "'").fail().all());
      harmless(platform.paas("tokens:create", EVIL).fail().all());
      // Names in trees, and the greeting of a client, get into messages of libraries.
      String blob = app.git("hash-object", "-w", "server.js").succeed().out().strip();
      app.write("../disguise.entry", "100644 blob " + blob + "\t.g\u202eit\0");
      String commit =
          Command.of(
                  "sh",
                  "-c",
                  "git mktree -z <../disguise.entry | xargs -I{} git commit-tree {} -m evil")
              .with(AUTHOR)
              .in(app.folder())
              .succeed()
              .out()
              .strip();
      String refused = app.git("push", "paas", commit + ":refs/heads/other").fail().err();
      harmless(refused.replace("\u001b[K", "").replace("\r", ""));
      greet("SSH-2.0-" + EVIL.replace("\r", "") + "\r\n");
      greet("GET / HTTP/1.1" + EVIL + "\r\n");
      app.body("/");
      visit(app, "/%1b%5b2J?q=" + "\u001b[2J");
      app.body("/?last-of-the-disguised");
      logsAreHarmless();
    }
    Aftermath.isClean(platform);
  }

  private static void harmless(String text) {
    assertThat(ACTS.matcher(text).results().map(hit -> text.substring(hit.start())).findFirst())
        .as("what acts in " + text)
        .isEmpty();
  }

  private void greet(String greeting) throws IOException {
    try (Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(),
            Integer.parseInt(platform.variable("PAAS_SSH_PORT")))) {
      socket.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
      socket.setSoTimeout(5_000);
      socket.getInputStream().read(new byte[64]);
    }
  }

  private void visit(GitApp app, String target) throws IOException {
    try (Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(),
            Integer.parseInt(platform.variable("PAAS_HTTP_PORT")))) {
      String request =
          "GET "
              + target
              + " HTTP/1.1\r\nHost: "
              + app.name()
              + "."
              + platform.variable("PAAS_DOMAIN")
              + "\r\nUser-Agent: "
              + EVIL.replace("\r", "")
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.setSoTimeout(10_000);
      socket.getInputStream().readAllBytes();
    }
  }

  private void logsAreHarmless() throws IOException {
    try (Stream<Path> logs = Files.walk(platform.folder().resolve("log"))) {
      for (Path log : logs.filter(file -> file.endsWith("current")).toList()) {
        harmless(new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
      }
    }
    Path access = platform.folder().resolve("data/router/access.log");
    Awaitility.await("the last request is in the access log")
        .until(() -> Files.readString(access).contains("?last-of-the-disguised"));
    harmless(Files.readString(access));
  }
}
