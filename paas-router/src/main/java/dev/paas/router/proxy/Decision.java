package dev.paas.router.proxy;

import dev.paas.router.balance.Upstream;

/**
 * The next thing to do with a request. It may be made long after the request came, and more than
 * once: an exchange asks for another one when an instance could not be connected to, or had closed
 * a connection before it read from it. There is no decision to wait yet, since nothing can be
 * waited for; docs/decisions/028 says what one has to see to.
 */
sealed interface Decision {

  /**
   * Has the exchange act on the decision.
   *
   * @param mayReuse a connection that waits may carry the request
   */
  void carryOut(Exchange exchange, boolean mayReuse);

  /** An instance, which has counted it in, gets it. */
  record Forward(Upstream upstream) implements Decision {
    @Override
    public void carryOut(Exchange exchange, boolean mayReuse) {
      exchange.forward(upstream, mayReuse);
    }
  }

  /** The router answers it. */
  record Answer(Failure failure, String detail) implements Decision {
    @Override
    public void carryOut(Exchange exchange, boolean mayReuse) {
      exchange.fail(failure, detail);
    }
  }
}
