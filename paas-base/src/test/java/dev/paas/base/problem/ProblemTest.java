package dev.paas.base.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.Problem.Kind;
import org.junit.jupiter.api.Test;

class ProblemTest {

  @Test
  void valuesCannotMoveTheCursorOrForgeALine() {
    Problem problem = Problem.of(Kind.INVALID, "x.y", "Bad", "\u001b[2J\nforged", "Fix it.");
    assertThat(problem.value()).isEqualTo("\\u001b[2J\\u000aforged");
  }

  @Test
  void whatCannotBeSeenIsEscapedInSentencesToo() {
    String tag = new String(Character.toChars(0xe0041));
    Problem problem =
        Problem.of(
            Kind.INVALID, "x.y", "A \u202e\n  B" + tag, tag + "\u2028", "Fix \r😀" + tag + ".");
    assertThat(problem.what()).isEqualTo("A \\u202e\n  B\\udb40\\udc41");
    assertThat(problem.value()).isEqualTo("\\udb40\\udc41\\u2028");
    assertThat(problem.fix()).isEqualTo("Fix \\u000d😀\\udb40\\udc41.");
  }

  @Test
  void aValueIsNotCutWithinACharacter() {
    String value =
        Problem.of(Kind.INVALID, "x.y", "Bad", "a".repeat(199) + "😀b", "Fix it.").value();
    assertThat(value).isEqualTo("a".repeat(199) + "…");
  }

  @Test
  void longValuesAreCut() {
    assertThat(Problem.of(Kind.INVALID, "x.y", "Bad", "a".repeat(5000), "Fix it.").value())
        .hasSize(Problem.MAX_VALUE_LENGTH + 1);
  }

  @Test
  void valueEndsTheFirstLineUnlessItStandsThere() {
    assertThat(Problem.of(Kind.INVALID, "x.y", "Bad name", "a b", "Fix it.").lines())
        .containsExactly("Bad name: a b");
    assertThat(
            Problem.of(Kind.INVALID, "x.y", "Line 3 has FORM\n\n  FORM x\n  ^", "FORM", "Fix it.")
                .lines())
        .containsExactly("Line 3 has FORM", "", "  FORM x", "  ^");
  }
}
