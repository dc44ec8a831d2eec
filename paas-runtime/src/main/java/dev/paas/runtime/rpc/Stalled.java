package dev.paas.runtime.rpc;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Duration;

/** A caller that neither takes nor gives anything, while others wait for the place that it has. */
final class Stalled {

  private Stalled() {}

  static PaasException problem(Duration limit) {
    return Problem.of(
            Kind.CANCELLED,
            "image.stalled",
            "The transfer stood still for too long",
            limit.toSeconds() + " s",
            "Try again; an admin may raise images.stalled for slow connections.")
        .asException();
  }
}
