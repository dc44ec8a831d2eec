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

  @Test
  void valueEndsTheFirstLineUnlessItStandsThere() {
    assertThat(Problem.of("x.y", "Bad name", "a b", "Fix it.").lines())
        .containsExactly("Bad name: a b");
    assertThat(Problem.of("x.y", "Line 3 has FORM\n\n  FORM x\n  ^", "FORM", "Fix it.").lines())
        .containsExactly("Line 3 has FORM", "", "  FORM x", "  ^");
  }
}
