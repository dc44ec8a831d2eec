package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody who asks for everything leaves the others their share. */
@ExtendWith(SharedPlatform.class)
final class ShareThreatIT {

  private static final int PUSHES = 20;

  private static final Duration ALL_ACCEPTED_WITHIN = Duration.ofMinutes(3);

  private final Platform platform;

  ShareThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T37 in docs/reliability.md. */
  @Test
  void twentyLongBuildsOfOneUserDelayNoBuildOfAnother() {
    List<GitApp> slow = new ArrayList<>();
    List<Command.Running> pushes = new ArrayList<>();
    try (OtherUser greedy = new OtherUser(platform, "greedy");
        OtherUser modest = new OtherUser(platform, "modest");
        GitApp site = GitApp.of(platform, "modest", Map.of("index.html", "<p>mine</p>\n"))) {
      for (int i = 0; i < PUSHES; i++) {
        GitApp app =
            GitApp.of(
                platform,
                "greedy",
                Map.of(
                    "Dockerfile",
                    "FROM debian:bookworm-slim\nRUN sleep 40; : " + i + "\nCMD [\"true\"]\n"));
        slow.add(app);
        pushes.add(app.push().with(greedy.environment()).start());
      }
      Awaitility.await("all are building or wait")
          .atMost(ALL_ACCEPTED_WITHIN)
          .untilAsserted(
              () ->
                  assertThat(pushes.stream().map(Command.Running::errors))
                      .allMatch(
                          told ->
                              told.contains("Waiting for its turn") || told.contains("RUN sleep")));
      assertThat(pushes.stream().filter(push -> push.errors().contains("RUN sleep")))
          .as("one user has one of two places")
          .hasSize(1);
      try (Command.Running push = site.push().with(modest.environment()).start()) {
        Awaitility.await("the other user's build begins")
            .atMost(Duration.ofSeconds(5))
            .until(() -> push.errors().contains("Building " + site.name()));
        assertThat(push.await(Duration.ofMinutes(1)).exit()).isZero();
      }
      assertThat(site.body("/")).contains("mine");
    } finally {
      pushes.forEach(Command.Running::close);
      slow.forEach(GitApp::close);
    }
    Aftermath.isClean(platform);
  }
}
