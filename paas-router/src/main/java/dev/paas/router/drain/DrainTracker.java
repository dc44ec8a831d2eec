package dev.paas.router.drain;

import dev.paas.router.balance.Upstream;
import dev.paas.router.table.Routes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Instances that left the table: what they carry runs on until it ends or the drain timeout has
 * passed, and the control plane is told when that changes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
public final class DrainTracker {

  private static final Logger log = LoggerFactory.getLogger(DrainTracker.class);

  private final Set<Upstream> draining = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timers;
  private final Duration timeout;
  private final Runnable onChange;

  /**
   * @param onChange runs on any thread, whenever {@link #draining} may have changed
   */
  public DrainTracker(ScheduledExecutorService timers, Duration timeout, Runnable onChange) {
    this.timers = timers;
    this.timeout = timeout;
    this.onChange = onChange;
  }

  /** The instances that retired and still carry something. */
  public List<Upstream> draining() {
    return draining.stream().filter(upstream -> upstream.inFlight() > 0).toList();
  }

  /** Every instance of the table before that is not in the one after retires. */
  public void tableReplaced(Routes before, Routes after) {
    for (Upstream upstream : before.upstreams()) {
      if (!after.has(upstream)) {
        retire(upstream);
      }
    }
  }

  private void retire(Upstream upstream) {
    draining.add(upstream);
    upstream.retire(() -> ended(upstream));
    if (upstream.inFlight() == 0) {
      draining.remove(upstream);
      return;
    }
    log.atInfo()
        .addKeyValue("app", upstream.app())
        .addKeyValue("instance", upstream.id())
        .addKeyValue("inFlight", upstream.inFlight())
        .log("draining an instance");
    timers.schedule(() -> overdue(upstream), timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void ended(Upstream upstream) {
    if (upstream.inFlight() == 0) {
      draining.remove(upstream);
    }
    onChange.run();
  }

  private void overdue(Upstream upstream) {
    if (upstream.inFlight() > 0) {
      log.atWarn()
          .addKeyValue("app", upstream.app())
          .addKeyValue("instance", upstream.id())
          .addKeyValue("inFlight", upstream.inFlight())
          .log("drain timeout: ending what the instance still carries");
      upstream.cut();
    }
  }
}
