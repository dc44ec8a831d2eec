package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.deploy.Lane;
import dev.paas.base.name.AppName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TurnTest {

  @Test
  void theFirstThatDoesNotServeYetIsActive() {
    Deployment draining = deployment(1, new DeploymentState.Draining());
    Deployment checking = deployment(2, new DeploymentState.Checking());
    Deployment starting = deployment(3, new DeploymentState.Starting());
    assertThat(Turn.of(List.of(draining, checking, starting)).active()).containsExactly(checking);
    assertThat(Turn.of(List.of(draining)).active()).isEmpty();
    assertThat(Turn.of(List.of()).active()).isEmpty();
  }

  @Test
  void whatSwitchesIsNotOverYet() {
    Deployment switching = deployment(1, new DeploymentState.Switching());
    assertThat(Turn.of(List.of(switching)).active()).containsExactly(switching);
  }

  @Test
  void aScaleAndAReleaseAreActiveSideBySide() {
    Deployment deploy = deployment(1, new DeploymentState.Checking());
    Deployment restart = deployment(2, new DeploymentState.Starting());
    Deployment scale = scale(3, new DeploymentState.Starting());
    Deployment later = scale(4, new DeploymentState.Starting());
    Turn turn = Turn.of(List.of(deploy, restart, scale, later));
    assertThat(turn.active()).containsExactly(scale, deploy);
    assertThat(turn.beside(Optional.of(scale))).contains(deploy);
    assertThat(turn.beside(Optional.of(deploy))).contains(scale);
    assertThat(turn.passes()).containsExactly(Optional.of(scale), Optional.of(deploy));
    assertThat(turn.active(Lane.CAPACITY)).contains(scale);
  }

  @Test
  void withoutADeploymentWhatServesIsKept() {
    assertThat(Turn.of(List.of()).passes()).containsExactly(Optional.empty());
  }

  private static Deployment scale(long id, DeploymentState state) {
    return deployment(id, new DeploymentRequest.Scale(new TreeMap<>(Map.of("web", 2))), state);
  }

  private static Deployment deployment(long id, DeploymentState state) {
    return deployment(id, new DeploymentRequest.Restart(null), state);
  }

  private static Deployment deployment(long id, DeploymentRequest request, DeploymentState state) {
    return new Deployment(
        id,
        new AppName("shop"),
        request,
        "ann",
        Optional.empty(),
        Optional.empty(),
        state,
        Instant.EPOCH,
        null);
  }
}
