package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A router that is killed. F12 in docs/reliability.md. */
@ExtendWith(SharedPlatform.class)
final class RouterFaultIT {
  private static final Duration SERVES_AGAIN_WITHIN = Duration.ofSeconds(1);

  private final Platform platform;

  RouterFaultIT(Platform platform) {
    this.platform = platform;
  }

  @Test
  void aKilledRouterServesItsTableWithinASecondWhileTheOthersAreDown() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      app.paas("scale", "web=2").succeed();
      String boots = String.join(",", app.answers("/boot", 20));
      platform.stop("paasd");
      platform.stop("paas-runtimed");
      try {
        // The best of three: the claim is about the router, not about what else the machine does.
        List<Duration> tries =
            List.of(servedAgainAfter(app), servedAgainAfter(app), servedAgainAfter(app));
        assertThat(Collections.min(tries))
            .as("of " + tries)
            .isLessThanOrEqualTo(SERVES_AGAIN_WITHIN);
        assertThat(String.join(",", app.answers("/boot", 20)))
            .as("both instances, the same ones")
            .isEqualTo(boots);
      } finally {
        platform.start("paas-runtimed");
        platform.start("paasd");
        platform.awaitReady();
      }
      app.change("server.js", "version 1", "version 2");
      app.push().succeed();
      assertThat(app.body("/")).as("the next table is taken").isEqualTo("version 2");
    }
    Aftermath.isClean(platform);
  }

  private Duration servedAgainAfter(GitApp app) {
    // Supervisors hold back what died within a second of its start.
    Awaitility.await("the router has been running for more than a second")
        .atMost(Duration.ofSeconds(10))
        .until(() -> platform.secondsOf("paas-routerd") >= 2);
    long start = System.nanoTime();
    platform.kill("paas-routerd");
    Awaitility.await("the router serves")
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .ignoreExceptions()
        .until(() -> platform.get(app.name(), "/").statusCode() == 200);
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
