package dev.paas.api.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DeploymentStateTest {

  private static final Problem CAUSE =
      Problem.of(Kind.IMPOSSIBLE, "deploy.exited", "It exited", "Read its log.");

  /**
   * A state, its name in the store and in the API, whether it is finished, and whether it serves.
   */
  static Stream<Arguments> states() {
    return Stream.of(
        Arguments.of(new DeploymentState.Starting(), "starting", "starting", false, false),
        Arguments.of(new DeploymentState.Checking(), "checking", "checking", false, false),
        Arguments.of(new DeploymentState.Switching(), "switching", "switching", false, false),
        Arguments.of(new DeploymentState.Draining(), "draining", "draining", false, true),
        Arguments.of(new DeploymentState.Done(), "done", "done", true, true),
        Arguments.of(new DeploymentState.Failing(CAUSE), "failing", "checking", false, false),
        Arguments.of(new DeploymentState.Failed(CAUSE), "failed", "failed", true, false));
  }

  @ParameterizedTest
  @MethodSource("states")
  void eachStateHasItsNamesAndItsMeaning(
      DeploymentState state, String stored, String shown, boolean finished, boolean serves) {
    assertThat(state.stored()).isEqualTo(stored);
    assertThat(state.shown()).isEqualTo(shown);
    assertThat(state.finished()).isEqualTo(finished);
    assertThat(state.serves()).isEqualTo(serves);
    assertThat(state.fold(new Names())).isEqualTo(stored);
  }

  @ParameterizedTest
  @MethodSource("states")
  void aStateIsReadAsItWasStored(DeploymentState state, String stored) {
    assertThat(DeploymentState.of(stored, state.problem())).isEqualTo(state);
  }

  @Test
  void onlyWhatFailsHasAProblem() {
    assertThat(states().map(row -> ((DeploymentState) row.get()[0]).problem()))
        .isEqualTo(
            List.of(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(CAUSE),
                Optional.of(CAUSE)));
  }

  @Test
  void aStateThatIsNotKnownIsABug() {
    assertThatThrownBy(() -> DeploymentState.of("asleep", Optional.empty()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("asleep");
  }

  private static final class Names implements DeploymentState.Cases<String> {
    @Override
    public String starting() {
      return "starting";
    }

    @Override
    public String checking() {
      return "checking";
    }

    @Override
    public String switching() {
      return "switching";
    }

    @Override
    public String draining() {
      return "draining";
    }

    @Override
    public String done() {
      return "done";
    }

    @Override
    public String failing(Problem cause) {
      return cause.equals(CAUSE) ? "failing" : "";
    }

    @Override
    public String failed(Problem cause) {
      return cause.equals(CAUSE) ? "failed" : "";
    }
  }
}
