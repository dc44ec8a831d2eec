package dev.paas.base.settings;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Duration;

/** What somebody is told whose settings are of the right form and can't be meant. */
final class BadSetting {

  private BadSetting() {}

  static RuntimeException of(String what, String value, String fix) {
    return Problem.of(Kind.INVALID, "settings.bad-value", what, value, fix).asException();
  }

  /** Two settings of which one is the lower bound of the other. */
  static void inOrder(String least, Duration from, String most, Duration to) {
    if (from.compareTo(to) > 0) {
      throw of(
          "The setting " + least + " is more than " + most,
          Scalar.text(from),
          "Write " + Scalar.text(to) + " or less, or set " + most + " as well.");
    }
  }
}
