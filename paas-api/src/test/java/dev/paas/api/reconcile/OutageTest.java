package dev.paas.api.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.ProblemsBeforeKinds;
import dev.paas.base.problem.Problem;
import java.io.IOException;
import java.util.List;
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
}
