package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people type in their first hour with the platform, and what it tells them. */
@ExtendWith(SharedPlatform.class)
final class FirstHourIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final Platform platform;

  FirstHourIT(Platform platform) {
    this.platform = platform;
  }

  @Test
  void theLogTellsWhatBecameOfTheAppBetweenItsOwnLines() {
    try (GitApp app = GitApp.probe(platform)) {
      assertThat(app.push().succeed().all()).contains("-----> Creating app " + app.name());
      app.paas("config:set", "GREETING=hello").succeed();
      try (Command.Running follower = app.paas("logs", "--follow", "-n", "0").start()) {
        app.paas("restart", "web.1").succeed();
        Awaitility.await("the restart is in the log that is followed")
            .atMost(SOON)
            .until(() -> follower.output().contains(" paas[web.1]: listens on port 5000"));
      }
      String log = app.paas("logs", "-n", "1000").succeed().out();
      assertThat(log)
          .containsPattern(" paas\\[api\\]: v1 serves \\(Deploy [0-9a-f]{7}, \\S+\\)")
          .contains(
              " paas[api]: v2 serves (Set GREETING, ",
              " paas[web.1]: started",
              " paas[web.1]: is asked to stop");
      assertThat(app.paas("logs", "--grep", "V2 SERVES", "--since", "1h").succeed().out().lines())
          .hasSize(1);
      assertThat(app.paas("logs", "--since", "2100-01-01T00:00:00Z").succeed().out()).isEmpty();
    }
  }

  @Test
  void aRollbackNamesWhereItGoesAndAFailedReleaseIsToldApart() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      app.paas("config:set", "GREETING=hello").succeed();
      app.write("Procfile", "web: exit 7\n");
      app.commit("Break it");
      app.push().fail();
      assertThat(states(app)).containsExactly("failed", "current", "superseded");
      assertThat(app.paas("rollback", "--keep-config").succeed().out())
          .startsWith("Rolled back to v1 (Deploy ")
          .contains("v4 serves. No config var changed.");
      assertThat(app.body("/env?name=GREETING")).isEqualTo("hello");
      assertThat(app.paas("rollback", "v1").succeed().out())
          .contains("v5 serves. Config vars that changed: GREETING.");
      assertThat(app.body("/env?name=GREETING")).isEmpty();
    }
  }

  private static List<String> states(GitApp app) {
    List<String> states = new ArrayList<>();
    for (JsonNode release : app.paasJson("releases")) {
      states.add(release.path("state").asText());
    }
    return states;
  }

  @Test
  void processesAreScaledByOneStoppedAndStarted() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      assertThat(app.paas("scale", "web+1").succeed().out()).isEqualTo("Scaled to web=2.\n");
      assertThat(app.paas("scale", "web=+1").fail().err()).contains("web=+1");
      assertThat(app.paas("scale", "web=99999999999").fail().err()).contains("web=99999999999");
      app.paas("ps:stop").succeed();
      Awaitility.await("all have ended").atMost(SOON).until(() -> app.pids().isEmpty());
      assertThat(app.paas("ps:start").succeed().out()).isEqualTo("Started: web=2.\n");
      assertThat(app.pids()).containsOnlyKeys("web.1", "web.2");
    }
  }

  @Test
  void aCloneKnowsItsAppAndAPersonTheirName() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Path clone = platform.scratch().resolve(app.name() + "-clone");
      String address =
          "ssh://paas@localhost:" + platform.variable("PAAS_SSH_PORT") + "/" + app.name();
      Command.of("git", "clone", "-q", address, clone.toString())
          .with(platform.environment())
          .succeed();
      assertThat(platform.paas("ps").in(clone).succeed().out()).contains("web.1");
      assertThat(platform.paas("open").in(clone).succeed().out()).contains("http://" + app.name());
      assertThat(platform.paas("whoami").succeed().out()).isEqualTo("admin\n");
      assertThat(platform.ssh("whoami").succeed().out()).isEqualTo("admin\n");
    }
  }
}
