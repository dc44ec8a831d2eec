package dev.paas.router.drain;

import dev.paas.router.balance.Instance;
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
public final class Departures {

  private static final Logger log = LoggerFactory.getLogger(Departures.class);

  private final Set<Instance> draining = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timers;
  private final Duration timeout;
  private final Runnable onChange;

  /**
   * @param onChange runs on any thread, whenever {@link #draining} may have changed
   */
  public Departures(ScheduledExecutorService timers, Duration timeout, Runnable onChange) {
    this.timers = timers;
    this.timeout = timeout;
    this.onChange = onChange;
  }

  /** The instances that departed and still carry something. */
  public List<Instance> draining() {
    return draining.stream().filter(instance -> instance.inFlight() > 0).toList();
  }

  /** Every instance of the table before that is not in the one after departs. */
  public void tableReplaced(Routes before, Routes after) {
    for (Instance instance : before.instances()) {
      if (!after.has(instance)) {
        depart(instance);
      }
    }
  }

  private void depart(Instance instance) {
    draining.add(instance);
    instance.depart(() -> ended(instance));
    if (instance.inFlight() == 0) {
      draining.remove(instance);
      return;
    }
    log.atInfo()
        .addKeyValue("app", instance.app())
        .addKeyValue("instance", instance.id())
        .addKeyValue("inFlight", instance.inFlight())
        .log("draining an instance");
    timers.schedule(() -> overdue(instance), timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void ended(Instance instance) {
    if (instance.inFlight() == 0) {
      draining.remove(instance);
    }
    onChange.run();
  }

  private void overdue(Instance instance) {
    if (instance.inFlight() > 0) {
      log.atWarn()
          .addKeyValue("app", instance.app())
          .addKeyValue("instance", instance.id())
          .addKeyValue("inFlight", instance.inFlight())
          .log("drain timeout: ending what the instance still carries");
      instance.cut();
    }
  }
}
