package dev.paas.runtime.container;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.concurrent.atomic.AtomicInteger;

/** The places of this host for one-off processes: so many run at once, and no more. */
public final class RunPlaces {

  private final int most;
  private final AtomicInteger taken = new AtomicInteger();

  RunPlaces(int most) {
    this.most = most;
  }

  /**
   * Takes a place until {@link #free}.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.too-many-one-offs}
   */
  public void take() {
    if (taken.incrementAndGet() > most) {
      taken.decrementAndGet();
      throw Problem.of(
              Kind.OVER_LIMIT,
              "instance.too-many-one-offs",
              "Too many one-off processes run on this host",
              Integer.toString(most),
              "Wait for one to end.")
          .asException();
    }
  }

  /** The place of one that runs already, whether there is one or not. */
  public void adopt() {
    taken.incrementAndGet();
  }

  public void free() {
    taken.decrementAndGet();
  }
}
