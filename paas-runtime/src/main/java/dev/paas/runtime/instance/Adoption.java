package dev.paas.runtime.instance;

import dev.paas.runtime.instance.life.Observation;
import dev.paas.runtime.inventory.InstanceRecords;
import dev.paas.runtime.linux.ProcessIdentity;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the instances that an earlier daemon left. Those that run go on; ones that ended
 * meanwhile are handled as if they ended now.
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final InstanceRecords records;
  private final Roster roster;
  private final Ledger ledger;
  private final LifeCycle cycle;
  private final Clock clock;
  private final Duration grace;

  /**
   * @param grace of stops that were under way: since when is not known
   */
  Adoption(
      InstanceRecords records,
      Roster roster,
      Ledger ledger,
      LifeCycle cycle,
      Clock clock,
      Duration grace) {
    this.records = records;
    this.roster = roster;
    this.ledger = ledger;
    this.cycle = cycle;
    this.clock = clock;
    this.grace = grace;
  }

  /** Learns of all of them, and does nothing with any. */
  List<Supervised> take() throws IOException {
    List<Supervised> adopted = new ArrayList<>();
    for (InstanceRecords.Stored stored : records.all()) {
      Supervised instance = roster.adopt(stored);
      ledger.publish(instance);
      adopted.add(instance);
    }
    return adopted;
  }

  /** Begins to look after them. */
  void resume(List<Supervised> adopted) {
    long now = clock.millis();
    for (Supervised instance : adopted) {
      boolean alive = instance.life().process().filter(ProcessIdentity::isAlive).isPresent();
      if (alive) {
        LOG.atInfo().addKeyValue("instance", instance.container()).log("instance adopted");
      }
      cycle.tell(instance, new Observation.Adopted(alive, now, grace));
    }
    LOG.atInfo().addKeyValue("instances", adopted.size()).log("inventory complete");
  }
}
