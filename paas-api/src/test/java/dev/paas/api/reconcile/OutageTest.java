package dev.paas.api.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.ProblemsBeforeKinds;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OutageTest {

  static List<ProblemsBeforeKinds.Row> problems() throws IOException {
    return ProblemsBeforeKinds.rows();
  }

  @ParameterizedTest
  @MethodSource("problems")
  void whatWasWaitedForBeforeKindsIs(ProblemsBeforeKinds.Row row) {
    Problem problem = Problem.of(row.kind(), row.code(), "what", "fix");
    assertThat(Outage.is(problem)).isEqualTo(row.outage().equals("yes"));
  }

  @Test
  void onlyARuntimeThatDoesNotAnswerIsAway() {
    assertThat(Outage.ofRuntime(failure(Problem.Kind.UNAVAILABLE))).isTrue();
    assertThat(Outage.ofRuntime(failure(Problem.Kind.FULL))).isFalse();
    assertThat(Outage.ofRuntime(failure(Problem.Kind.INVALID))).isFalse();
  }

  @Test
  void aFailureIsAnOutageByItsProblemOrBecauseTheDiskIsFull() {
    assertThat(Outage.is(failure(Problem.Kind.FULL))).isTrue();
    assertThat(Outage.is(failure(Problem.Kind.INTERNAL))).isFalse();
    assertThat(Outage.is(new IOException("No space left on device"))).isTrue();
    assertThat(Outage.is(new IOException("Broken pipe"))).isFalse();
  }

  private static PaasException failure(Problem.Kind kind) {
    return Problem.of(kind, "code", "what", "fix").asException();
  }
}
