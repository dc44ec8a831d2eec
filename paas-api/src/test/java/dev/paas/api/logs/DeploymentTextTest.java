package dev.paas.api.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentMoved;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DeploymentTextTest {

  private static final Problem WHY =
      Problem.of(Kind.IMPOSSIBLE, "deploy.exited", "web.1 ended", "exited with code 7", "Fix it.");
  private static final DeploymentRequest ROLLBACK =
      new DeploymentRequest.Rollback(1, false, 2, List.of());

  @Test
  void whatServesIsToldOnce() {
    assertThat(told(ROLLBACK, new DeploymentState.Switching(), new DeploymentState.Draining()))
        .hasValue("v3 serves (Rollback to v1, ada)");
    assertThat(told(ROLLBACK, new DeploymentState.Draining(), new DeploymentState.Done()))
        .isEmpty();
    assertThat(told(ROLLBACK, new DeploymentState.Starting(), new DeploymentState.Checking()))
        .isEmpty();
  }

  @Test
  void aScaleAndARestartSayOfWhat() {
    DeploymentRequest scale =
        new DeploymentRequest.Scale(new TreeMap<>(Map.of("web", 2, "worker", 0)));
    assertThat(told(scale, new DeploymentState.Starting(), new DeploymentState.Done()))
        .hasValue("scaled to web=2 worker=0 (ada)");
    DeploymentRequest restart = new DeploymentRequest.Restart("web");
    assertThat(told(restart, new DeploymentState.Switching(), new DeploymentState.Draining()))
        .hasValue("restarted web (ada)");
  }

  @Test
  void aFailureIsToldOnceWithItsReason() {
    DeploymentState failing = new DeploymentState.Failing(WHY);
    assertThat(told(ROLLBACK, new DeploymentState.Checking(), failing))
        .hasValue("v3 (Rollback to v1, ada) failed: web.1 ended: exited with code 7");
    assertThat(told(ROLLBACK, failing, new DeploymentState.Failed(WHY))).isEmpty();
  }

  private static Optional<String> told(
      DeploymentRequest request, DeploymentState before, DeploymentState after) {
    Deployment deployment =
        new Deployment(
            1,
            new AppName("shop"),
            request,
            "ada",
            Optional.of(new ReleaseVersion(3)),
            Optional.empty(),
            before,
            Instant.EPOCH,
            null);
    return DeploymentText.of(new DeploymentMoved(deployment, after), Optional.of("Rollback to v1"));
  }
}
