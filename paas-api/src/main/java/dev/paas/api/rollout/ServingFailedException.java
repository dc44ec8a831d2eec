package dev.paas.api.rollout;

import dev.paas.base.problem.Problem;

/** The host did not start an instance; whoever catches this tries again, as often as it takes. */
final class ServingFailedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ServingFailedException(Problem cause) {
    super(cause.what(), cause.asException());
  }
}
