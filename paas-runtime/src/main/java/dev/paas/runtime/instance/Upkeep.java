package dev.paas.runtime.instance;

import dev.paas.runtime.inventory.Orphans;
import dev.paas.runtime.network.FilterKeeper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Brings the host into order when the daemon starts, and keeps it there: the packet filter, what is
 * left over, the ends that monitors tell.
 */
final class Upkeep implements AutoCloseable {

  private static final Duration FILTER_CHECK = Duration.ofSeconds(2);

  private final Workers workers;
  private final Adoption adoption;
  private final Orphans orphans;
  private final FilterKeeper filter;
  private final ExitWatcher exits;
  private final Duration sweepInterval;

  Upkeep(
      Workers workers,
      Adoption adoption,
      Orphans orphans,
      FilterKeeper filter,
      ExitWatcher exits,
      Duration sweepInterval) {
    this.workers = workers;
    this.adoption = adoption;
    this.orphans = orphans;
    this.filter = filter;
    this.exits = exits;
    this.sweepInterval = sweepInterval;
  }

  /**
   * First the complete inventory, then judgement. Whatever belongs to no instance is removed; what
   * runs without a record goes on at its address until an instance of its name is started.
   */
  void begin() throws IOException {
    List<Supervised> adopted = adoption.take();
    orphans.keepAddresses();
    filter.install();
    orphans.sweep();
    adoption.resume(adopted);
    workers.repeat("packet-filter", FILTER_CHECK, filter::keep);
    workers.repeat("sweep", sweepInterval, orphans::sweep);
    exits.begin();
  }

  /** Checks and steps that wait for their time or a thread. */
  int waitingSteps() {
    return workers.waitingSteps();
  }

  @Override
  public void close() throws IOException {
    workers.close();
    exits.close();
  }
}
