package dev.paas.runtime.instance;

import dev.paas.runtime.instance.life.Observation;
import dev.paas.runtime.inventory.InstanceRecords;
import dev.paas.runtime.inventory.Orphans;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.network.FilterKeeper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what an earlier daemon left: first the complete inventory, then judgement. Instances
 * that run go on; ones that ended meanwhile are handled as if they ended now; whatever belongs to
 * no instance is removed. What runs without a record goes on at its address until an instance of
 * its name is started.
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final InstanceRecords records;
  private final Roster roster;
  private final Ledger ledger;
  private final Orphans orphans;
  private final FilterKeeper filter;
  private final LifeCycle cycle;

  Adoption(
      InstanceRecords records,
      Roster roster,
      Ledger ledger,
      Orphans orphans,
      FilterKeeper filter,
      LifeCycle cycle) {
    this.records = records;
    this.roster = roster;
    this.ledger = ledger;
    this.orphans = orphans;
    this.filter = filter;
    this.cycle = cycle;
  }

  /**
   * @param grace of stops that were under way: since when is not known
   */
  void run(Clock clock, Duration grace) throws IOException {
    List<Supervised> adopted = new ArrayList<>();
    for (InstanceRecords.Stored stored : records.all()) {
      Supervised instance = roster.adopt(stored);
      ledger.publish(instance);
      adopted.add(instance);
    }
    orphans.keepAddresses();
    filter.install();
    orphans.sweep();
    adopted.forEach(instance -> resume(instance, clock.millis(), grace));
    LOG.atInfo().addKeyValue("instances", adopted.size()).log("inventory complete");
  }

  private void resume(Supervised instance, long nowMillis, Duration grace) {
    boolean alive = instance.life().process().filter(ProcessIdentity::isAlive).isPresent();
    if (alive) {
      LOG.atInfo().addKeyValue("instance", instance.container()).log("instance adopted");
    }
    cycle.tell(instance, new Observation.Adopted(alive, nowMillis, grace));
  }
}
