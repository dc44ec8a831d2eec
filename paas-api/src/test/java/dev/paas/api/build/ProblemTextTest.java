package dev.paas.api.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ProblemTextTest {

  @ParameterizedTest
  @EnumSource
  void aProblemIsReadAsItWasWritten(Kind kind) {
    Problem problem =
        Problem.of(kind, "build.step-failed", "It ended with 2", "npm ci", "Read it.");
    assertThat(ProblemText.read(ProblemText.write(problem))).hasValue(problem);
  }

  @Test
  void aRowThatWasWrittenBeforeKindsStillReads() {
    String row =
        "{\"code\":\"deploy.exited\",\"what\":\"It ended\",\"value\":\"\",\"fix\":\"Read it.\"}";
    assertThat(ProblemText.read(row))
        .hasValue(Problem.of(Kind.IMPOSSIBLE, "deploy.exited", "It ended", "Read it."));
  }
}
