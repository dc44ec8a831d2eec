package dev.paas.gitreceiver.receive;

import dev.paas.base.problem.Problem;
import java.io.IOException;

/** A pack that is not read any further, and why. */
final class PackRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  PackRefusedException(Problem problem) {
    super(problem.code());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
