package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One user at the SSH door who wants all of it. */
@ExtendWith(SharedPlatform.class)
final class SshShareThreatIT {

  /** Half of ssh.max-sessions: more than a quarter when nobody else wants any. */
  private static final int MOST = 32;

  /** In each state; together more than {@link #MOST}. */
  private static final int EACH = 12;

  private static final Pattern REFUSED = Pattern.compile("Received disconnect");
  private static final Pattern ANSWERED = Pattern.compile("Authenticated to|" + REFUSED);

  private final Platform platform;
  private int started;

  SshShareThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T60 in docs/reliability.md. */
  @Test
  void oneUserWhoHoldsAllTheyCanKeepsNobodyElseFromPushing() throws Exception {
    List<Process> held = new ArrayList<>();
    List<Socket> silent = new ArrayList<>();
    try (OtherUser greedy = new OtherUser(platform, "greedy");
        GitApp app = GitApp.of(platform, "modest", Map.of("index.html", "<p>one</p>\n"))) {
      String stalled = platform.newAppName("stalled");
      greedy.paas("create", stalled).succeed();
      Path errors = Files.createDirectory(platform.scratch().resolve("greedy"));
      for (int i = 0; i < EACH; i++) {
        // No channel at all; a channel that follows; an upload that has begun.
        held.add(start(greedy, errors, "-N"));
        held.add(start(greedy, errors, "logs -t --app " + stalled));
        Process upload = start(greedy, errors, "git-receive-pack '" + stalled + "'");
        upload.getOutputStream().write(packHead());
        upload.getOutputStream().flush();
        held.add(upload);
        // Few at once: of those without a key only so many of an address stay.
        Awaitility.await("all have shown their key")
            .atMost(Duration.ofSeconds(20))
            .until(() -> saying(errors, ANSWERED).size() == held.size());
      }
      for (int i = 0; i < EACH; i++) {
        silent.add(
            new Socket(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(platform.variable("PAAS_SSH_PORT"))));
      }
      Awaitility.await("those that are too many are told so")
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(saying(errors, REFUSED))
                      .hasSize(held.size() - MOST)
                      .allMatch(told -> told.contains("(ssh.too-many-sessions)")));
      assertThat(held.stream().filter(Process::isAlive)).hasSize(MOST);

      app.push().succeed();
      assertThat(app.body("/")).contains("one");
      assertThat(greedy.ssh("version").fail().err())
          .contains("as many SSH connections open as one user may");
      held.forEach(Process::destroyForcibly);
      Awaitility.await("as before once they are gone")
          .atMost(Duration.ofSeconds(10))
          .until(() -> greedy.ssh("version").run().exit() == 0);
      greedy.paas("destroy", "--app", stalled, "--confirm", stalled).succeed();
    } finally {
      held.forEach(Process::destroyForcibly);
      for (Socket socket : silent) {
        socket.close();
      }
    }
    Aftermath.isClean(platform);
  }

  private Process start(OtherUser user, Path errors, String command) throws IOException {
    ProcessBuilder ssh =
        new ProcessBuilder(user.sshCommand("-v", command)).directory(platform.scratch().toFile());
    ssh.redirectError(errors.resolve("ssh" + ++started + ".err").toFile());
    ssh.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return ssh.start();
  }

  /** What those said whose errors hold this. */
  private static List<String> saying(Path errors, Pattern what) throws IOException {
    List<String> said = new ArrayList<>();
    try (var files = Files.list(errors)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        if (what.matcher(text).find()) {
          said.add(text);
        }
      }
    }
    return said;
  }

  /** A command for a branch, and the beginning of a pack that never goes on. */
  private static byte[] packHead() {
    String line = "0".repeat(40) + " " + "1".repeat(40) + " refs/heads/main\0report-status";
    String head = String.format("%04x%s0000", line.length() + 4, line) + "PACK\0\0\0\2\0\0\0\11";
    return head.getBytes(StandardCharsets.ISO_8859_1);
  }
}
