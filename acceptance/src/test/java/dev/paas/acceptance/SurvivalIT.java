package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import dev.paas.acceptance.platform.Traffic;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a killed daemon may not take with it. */
@ExtendWith(SharedPlatform.class)
final class SurvivalIT {
  private final Platform platform;

  SurvivalIT(Platform platform) {
    this.platform = platform;
  }

  @Test
  void killedControlPlaneCostsNoRequestAndNoPid() {
    survives("paasd");
  }

  @Test
  void killedRuntimeCostsNoRequestAndNoPid() {
    survives("paas-runtimed");
  }

  private void survives(String daemon) {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      app.paas("scale", "web=2").succeed();
      Map<String, Long> before = app.pids();
      try (Traffic traffic = new Traffic(platform, app.name(), "/boot")) {
        platform.kill(daemon);
        traffic.flowsOn(100);
        platform.awaitReady();
        traffic.flowsOn(100);
        assertThat(traffic.failures()).isEmpty();
      }
      Awaitility.await("the instances are known again")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(AssertionError.class)
          .untilAsserted(() -> assertThat(app.pids()).isEqualTo(before));
      app.change("server.js", "version 1", "version 2");
      app.push().succeed();
      assertThat(app.body("/")).as("a new push deploys").isEqualTo("version 2");
    }
  }

  @Test
  void exitWhileTheRuntimeIsDownIsKnownAfterwards() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      String before = app.body("/boot");
      platform.stop("paas-runtimed");
      try {
        app.body("/exit?code=6");
      } finally {
        platform.start("paas-runtimed");
      }
      Awaitility.await("it is started again")
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(AssertionError.class)
          .until(() -> !app.body("/boot").equals(before));
      Awaitility.await("its end is known")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(AssertionError.class)
          .untilAsserted(
              () ->
                  assertThat(
                          app.paasJson("ps")
                              .path("instances")
                              .get(0)
                              .path("lastExit")
                              .path("code")
                              .asInt())
                      .isEqualTo(6));
    }
  }
}
