package dev.paas.api.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DeploymentRequestTextTest {

  @Test
  void requestsAreReadAsTheyWereWritten() {
    for (DeploymentRequest request :
        new DeploymentRequest[] {
          new DeploymentRequest.Deploy(4),
          new DeploymentRequest.Scale(new TreeMap<>(Map.of("web", 2))),
          new DeploymentRequest.Restart(null),
          new DeploymentRequest.Restart("web"),
          new DeploymentRequest.Config(9),
          new DeploymentRequest.Rollback(2, true, 3, List.of()),
          new DeploymentRequest.Rollback(2, false, 3, List.of("A", "B"))
        }) {
      assertThat(DeploymentRequestText.read(DeploymentRequestText.write(request)))
          .isEqualTo(request);
    }
  }

  @Test
  void aRollbackOfAnOlderVersionHasBroughtBackTheConfigVarsAlready() {
    assertThat(DeploymentRequestText.read("{\"kind\":\"rollback\",\"to\":2}"))
        .isEqualTo(new DeploymentRequest.Rollback(2, false, 0, List.of()))
        .isInstanceOfSatisfying(
            DeploymentRequest.Rollback.class,
            rollback -> assertThat(rollback.restoresConfig()).isFalse());
  }
}
