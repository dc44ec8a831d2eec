package dev.paas.api.quota;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;

/** A user would have more than their quota. */
public final class OverQuotaException extends PaasException {

  private static final long serialVersionUID = 1L;

  private final Quota quota;

  OverQuotaException(Quota quota, Problem problem) {
    super(problem);
    this.quota = quota;
  }

  public Quota quota() {
    return quota;
  }
}
