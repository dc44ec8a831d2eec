package dev.paas.base.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemTest {

  @Test
  void valuesCannotMoveTheCursorOrForgeALine() {
    Problem problem = Problem.of("x.y", "Bad", "\u001b[2J\nforged", "Fix it.");
    assertThat(problem.value()).isEqualTo("\\u001b[2J\\u000aforged");
  }

  @Test
  void longValuesAreCut() {
    assertThat(Problem.of("x.y", "Bad", "a".repeat(5000), "Fix it.").value())
        .hasSize(Problem.MAX_VALUE_LENGTH + 1);
  }
}
