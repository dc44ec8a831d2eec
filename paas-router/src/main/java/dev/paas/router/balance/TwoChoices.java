package dev.paas.router.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

/**
 * Chooses the instance with fewer requests of two random ones: nearly as even as asking all, and
 * many routers or loops that see old counts do not all run to the same one (Mitzenmacher, "The
 * power of two choices").
 */
public final class TwoChoices {

  private final IntUnaryOperator random;

  public TwoChoices() {
    this(bound -> ThreadLocalRandom.current().nextInt(bound));
  }

  /**
   * @param random a number from 0 below its argument
   */
  TwoChoices(IntUnaryOperator random) {
    this.random = random;
  }

  /**
   * Enters one of {@code upstreams} that is not in {@code tried}.
   *
   * @param now of the clock by which instances are left out for a while, in nanoseconds
   * @param cut called from any thread when the request must end there
   */
  public Acquired acquire(List<Upstream> upstreams, Set<Upstream> tried, long now, Runnable cut) {
    Optional<Upstream> chosen = choose(upstreams, tried, now);
    if (chosen.isEmpty()) {
      return Acquired.Missing.NONE;
    }
    Upstream.Lease lease = chosen.get().enter(cut);
    return lease == null ? Acquired.Missing.RETIRED : new Acquired.Chosen(lease);
  }

  /**
   * One of {@code upstreams} that is not in {@code tried}, or nothing when all are. One that fails
   * is chosen only where there is no other.
   */
  Optional<Upstream> choose(List<Upstream> upstreams, Set<Upstream> tried, long now) {
    List<Upstream> candidates = upstreams;
    if (!tried.isEmpty()) {
      candidates = new ArrayList<>(upstreams);
      candidates.removeAll(tried);
    }
    Optional<Upstream> chosen = choose(candidates);
    if (chosen.isPresent() && chosen.get().health().isLeftOut(now)) {
      List<Upstream> well =
          candidates.stream().filter(one -> !one.health().isLeftOut(now)).toList();
      return well.isEmpty() ? chosen : choose(well);
    }
    return chosen;
  }

  private Optional<Upstream> choose(List<Upstream> candidates) {
    int count = candidates.size();
    if (count == 0) {
      return Optional.empty();
    }
    Upstream one = candidates.get(count == 1 ? 0 : random.applyAsInt(count));
    if (count == 1) {
      return Optional.of(one);
    }
    int place = random.applyAsInt(count - 1);
    Upstream other = candidates.get(place);
    if (other == one) {
      other = candidates.get(count - 1);
    }
    return Optional.of(other.inFlight() < one.inFlight() ? other : one);
  }
}
