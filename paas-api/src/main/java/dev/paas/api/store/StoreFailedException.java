package dev.paas.api.store;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;

/** The database is away or full: nothing that happens now can be written down. */
public final class StoreFailedException extends PaasException {

  private static final long serialVersionUID = 1L;

  StoreFailedException(Problem problem, Throwable cause) {
    super(problem, cause);
  }
}
