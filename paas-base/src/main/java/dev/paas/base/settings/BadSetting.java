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

  /** Two settings with addresses, the first of them with one at least. */
  static void listensApart(
      String key, ListenAddresses addresses, String otherKey, ListenAddresses others) {
    if (addresses.all().isEmpty()) {
      throw of(
          "The setting " + key + " can't have this value",
          "[]",
          "Write an address like 0.0.0.0:80, or a list like"
              + " [\"192.0.2.7:80\", \"[2001:db8::7]:80\"].");
    }
    addresses
        .clash(others)
        .ifPresent(
            clash -> {
              throw of(
                  "The settings " + key + " and " + otherKey + " take the same port",
                  clash,
                  "Give one of the two another port.");
            });
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
