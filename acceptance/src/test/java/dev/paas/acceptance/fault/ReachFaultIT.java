package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.FaultPlatform;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Apps that listen where no request arrives, until the platform has waited long enough. */
@ExtendWith(FaultPlatform.class)
final class ReachFaultIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Platform platform;

  ReachFaultIT(Platform platform) {
    this.platform = platform;
  }

  /** F42 in docs/reliability.md. */
  @Test
  void whatNoRequestCanReachNeverTakesOverAndThePusherIsToldWhy() {
    Map<String, String> addresses =
        Map.of(
            "127.0.0.1", "127.0.0.1:5000",
            "::1", "[::1]:5000",
            "::ffff:127.0.0.1", "127.0.0.1]:5000",
            "::", "[::]:5000");
    Map<GitApp, Command.Running> pushes = new LinkedHashMap<>();
    try {
      addresses.forEach(
          (address, shown) -> {
            GitApp app = GitApp.ofTests(platform, "endings");
            app.push().succeed();
            app.change("Procfile", "BIND= ", "BIND=" + address + " ");
            Command.Running push = app.push().start();
            pushes.put(app, push);
            Awaitility.await("the push says what is wrong with " + address)
                .atMost(PATIENCE)
                .until(() -> push.errors().contains(shown));
            assertThat(push.errors()).contains("where no request can reach it");
            assertThat(app.body("/")).isEqualTo("web");
          });
      pushes.forEach(
          (app, push) -> {
            assertThat(push.await(Duration.ofMinutes(2)).exit()).isNotZero();
            assertThat(app.body("/")).isEqualTo("web");
          });
    } finally {
      pushes.forEach(
          (app, push) -> {
            push.close();
            app.close();
          });
    }
  }
}
