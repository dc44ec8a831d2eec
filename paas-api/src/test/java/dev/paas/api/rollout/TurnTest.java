package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.base.name.AppName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnTest {

  @Test
  void theFirstThatDoesNotServeYetIsActive() {
    Deployment draining = deployment(1, new DeploymentState.Draining());
    Deployment checking = deployment(2, new DeploymentState.Checking());
    Deployment starting = deployment(3, new DeploymentState.Starting());
    assertThat(Turn.of(List.of(draining, checking, starting)).active()).contains(checking);
    assertThat(Turn.of(List.of(draining)).active()).isEmpty();
    assertThat(Turn.of(List.of()).active()).isEmpty();
  }

  @Test
  void whatSwitchesIsNotOverYet() {
    Deployment switching = deployment(1, new DeploymentState.Switching());
    assertThat(Turn.of(List.of(switching)).active()).contains(switching);
  }

  private static Deployment deployment(long id, DeploymentState state) {
    return new Deployment(
        id,
        new AppName("shop"),
        new DeploymentRequest.Restart(null),
        "ann",
        Optional.empty(),
        Optional.empty(),
        state,
        Instant.EPOCH,
        null);
  }
}
