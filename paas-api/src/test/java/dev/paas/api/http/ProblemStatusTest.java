package dev.paas.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProblemStatusTest {

  @ParameterizedTest
  @CsvSource({
    "app.not-found, 404",
    "anything.not-found, 404",
    "app.exists, 409",
    "idempotency.conflict, 409",
    "runtime.unavailable, 503",
    "store.full, 507",
    "deploy.not-listening, 422",
    "deploy.busy, 409",
    "app.bad-name, 400",
    "nodot, 400"
  })
  void theStatusFollowsFromTheCode(String code, int status) {
    assertThat(ProblemStatus.of(Problem.of(Problem.Kind.INVALID, code, "what", "fix")))
        .isEqualTo(status);
  }
}
