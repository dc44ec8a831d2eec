package dev.paas.gitreceiver;

import dev.paas.base.problem.Problem;
import java.util.function.Function;

/** How a push to the deploy branch ended. */
public sealed interface PushOutcome {

  /** The control plane has moved the branch: the client is told that its push went through. */
  record Accepted() implements PushOutcome {}

  /**
   * The branch stays where it was; the client prints {@code ! [remote rejected] … (pre-receive hook
   * declined)}. The receiver prints the problem before, and removes the pushed objects if no ref
   * reaches them.
   */
  record Declined(Problem problem) implements PushOutcome {}

  /** Breaks its callers when an outcome is added. */
  default <T> T fold(Function<Accepted, T> accepted, Function<Declined, T> declined) {
    if (this instanceof Accepted outcome) {
      return accepted.apply(outcome);
    }
    return declined.apply((Declined) this);
  }
}
