package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.ProblemsBeforeKinds;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RetryTest {

  static List<ProblemsBeforeKinds.Row> problemsOfTheRuntime() throws IOException {
    return ProblemsBeforeKinds.rows().stream().filter(row -> !row.retry().equals("-")).toList();
  }

  @ParameterizedTest
  @MethodSource("problemsOfTheRuntime")
  void whatWasTriedAgainBeforeKindsIs(ProblemsBeforeKinds.Row problem) {
    assertThat(Retry.of(problem.kind())).hasToString(problem.retry());
  }
}
