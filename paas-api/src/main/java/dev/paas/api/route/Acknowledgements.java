package dev.paas.api.route;

import dev.paas.base.name.InstanceName;
import dev.paas.base.time.Ticker;
import dev.paas.contract.router.Draining;
import dev.paas.contract.router.RouterStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the router is known to have applied: answers whether an instance can still get a request.
 * Pure but for the ticker; guarded by its owner.
 *
 * <p>An instance is released when the router has applied a table that is newer than the last one
 * that named it, and either carries no request to it any more or has had the drain timeout to
 * finish them.
 */
final class Acknowledgements {

  private final Ticker ticker;
  private final Duration drainTimeout;

  /** The last generation whose table named the instance. */
  private final Map<String, Long> namedIn = new HashMap<>();

  /** When the router was first seen to have applied a table without the instance. */
  private final Map<String, Long> leftAt = new HashMap<>();

  private long firstGeneration = Long.MAX_VALUE;
  private long applied;
  private Map<String, Integer> draining = Map.of();

  Acknowledgements(Ticker ticker, Duration drainTimeout) {
    this.ticker = ticker;
    this.drainTimeout = drainTimeout;
  }

  /** A table went out. */
  void published(long generation, Set<String> instances) {
    firstGeneration = Math.min(firstGeneration, generation);
    instances.forEach(
        instance -> {
          namedIn.put(instance, generation);
          leftAt.remove(instance);
        });
  }

  /** The router told its state; it replaces all that it told before. */
  void told(RouterStatus status) {
    applied = status.getGeneration();
    Map<String, Integer> now = new HashMap<>();
    for (Draining one : status.getDrainingList()) {
      now.put(name(one.getInstance()), one.getInFlight());
    }
    draining = now;
    namedIn.forEach(
        (instance, generation) -> {
          if (generation < applied) {
            leftAt.putIfAbsent(instance, ticker.nanos());
          }
        });
  }

  /** What left before an upgrade has the name that the control plane gave it then. */
  private static String name(String told) {
    return InstanceName.parse(told).map(InstanceName::toString).orElse(told);
  }

  long applied() {
    return applied;
  }

  boolean released(String instance) {
    // Tables of an earlier process named what this one does not know of: its own first one counts.
    long last = namedIn.getOrDefault(instance, firstGeneration - 1);
    if (applied < firstGeneration || applied <= last) {
      return false;
    }
    if (!draining.containsKey(instance)) {
      return true;
    }
    long left = leftAt.computeIfAbsent(instance, first -> ticker.nanos());
    return ticker.since(left).compareTo(drainTimeout) >= 0;
  }

  /** The instance is gone for good. */
  void forget(String instance) {
    namedIn.remove(instance);
    leftAt.remove(instance);
  }
}
