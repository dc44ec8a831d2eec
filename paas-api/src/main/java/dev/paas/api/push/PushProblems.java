package dev.paas.api.push;

import dev.paas.api.reconcile.Attempts;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;

/** Why a push is declined although its code may be good. */
final class PushProblems {

  private PushProblems() {}

  static Problem moved(String branch) {
    return Problem.of(
        Kind.INVALID,
        "push.stale",
        "The branch has moved since this push was prepared",
        branch,
        "Fetch, merge and push again.");
  }

  static Problem internal() {
    return Problem.of(
        Kind.FAILED,
        "push.internal",
        "The platform failed to bring this push to its end",
        "Push again; if it stays, the operator finds the cause in paasd's log.");
  }

  static Problem poisoned() {
    return Problem.of(
        Kind.INVALID,
        "push.poisoned",
        "The control plane died " + Attempts.DEATHS + " times while only this push was under way",
        "Push something else; the operator finds the cause in paasd's log.");
  }

  static Problem superseded() {
    return Problem.of(
        Kind.INVALID,
        "push.superseded",
        "A newer push of this app came before this one was begun",
        "Nothing needs to be done; the newer push is what gets built.");
  }

  static Problem gone() {
    return Problem.of(
        Kind.INVALID,
        "push.app-gone",
        "The app was destroyed during the push",
        "Create it again and push.");
  }
}
