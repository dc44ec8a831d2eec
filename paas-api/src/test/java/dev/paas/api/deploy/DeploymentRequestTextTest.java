package dev.paas.api.deploy;

import static org.assertj.core.api.Assertions.assertThat;

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
          new DeploymentRequest.Rollback(2)
        }) {
      assertThat(DeploymentRequestText.read(DeploymentRequestText.write(request)))
          .isEqualTo(request);
    }
  }
}
