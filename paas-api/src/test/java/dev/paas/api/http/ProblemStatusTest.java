package dev.paas.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.ProblemsBeforeKinds;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProblemStatusTest {

  /** Refused by JAX-RS, and answered with its status rather than the kind's: HttpIT tries them. */
  private static final Map<String, Integer> BY_JAX_RS =
      Map.of("http.bad-method", 405, "http.not-acceptable", 406, "http.bad-media-type", 415);

  static List<ProblemsBeforeKinds.Row> problems() throws IOException {
    return ProblemsBeforeKinds.rows();
  }

  @Test
  void everyCodeOfThatTimeIsTried() throws IOException {
    assertThat(problems()).hasSize(241);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void theStatusIsTheOneBeforeKinds(ProblemsBeforeKinds.Row problem) {
    int now = BY_JAX_RS.getOrDefault(problem.code(), ProblemStatus.of(problem.kind()));
    assertThat(String.valueOf(now)).isEqualTo(problem.status());
  }
}
