package dev.paas.runtime.instance;

import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.instance.life.Action;
import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.Observation;
import dev.paas.runtime.instance.life.Stopping;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to an instance on this host; see {@link Action}. Called in the instance's turn. */
final class Effects {

  private static final Logger LOG = LoggerFactory.getLogger(Effects.class);

  private final Launcher launcher;
  private final Cgroups cgroups;
  private final Function<String, StoredImage> images;
  private final Roster roster;
  private final Ledger ledger;
  private final InstanceNotes notes;

  Effects(
      Launcher launcher,
      Cgroups cgroups,
      Function<String, StoredImage> images,
      Roster roster,
      Ledger ledger,
      InstanceNotes notes) {
    this.launcher = launcher;
    this.cgroups = cgroups;
    this.images = images;
    this.roster = roster;
    this.ledger = ledger;
    this.notes = notes;
  }

  void record(Supervised instance) throws IOException {
    ledger.record(instance);
  }

  void publish(Supervised instance) {
    ledger.publish(instance);
  }

  void begin(Supervised instance) throws IOException {
    launcher.begin(instance.container());
  }

  void watchDisk(Supervised instance) {
    launcher.watchDisk(instance.container());
  }

  void tellOutOfMemory(Supervised instance) {
    instance
        .life()
        .past()
        .lastExit()
        .ifPresent(exit -> notes.outOfMemory(instance, exit.getDetail()));
  }

  void free(Supervised instance) throws IOException {
    launcher.clear(instance.container(), instance.place());
  }

  void signal(Supervised instance) throws IOException {
    if (instance.life().process().isPresent()) {
      Signals.send(instance.life().process().get(), stopSignal(instance));
    }
  }

  private int stopSignal(Supervised instance) {
    try {
      return Signals.stop(images.apply(instance.spec().getImage()).config().getStopSignal());
    } catch (RuntimeException | Error unknown) { // the image is gone, or can't be read now
      return Signals.SIGTERM;
    }
  }

  void kill(Supervised instance) throws IOException {
    Duration grace =
        instance.life() instanceof Stopping stopping ? stopping.grace() : Duration.ZERO;
    boolean runs = instance.life().process().filter(ProcessIdentity::isAlive).isPresent();
    if (runs && !grace.isZero()) {
      notes.killedAfter(instance, grace);
    }
    cgroups.kill(instance.container());
  }

  /** Frees everything of an instance but its log. Once it is freed, whoever waits is told. */
  void remove(Supervised instance) throws IOException {
    launcher.clear(instance.container(), instance.place());
    ledger.forget(instance);
    instance.becomes(
        Life.next(instance.life(), new Observation.Removed(), instance.rules()).life());
    roster.leave(instance);
    try {
      notes.processEnded(instance);
      notes.removed(instance);
      ledger.publishRemoval(instance);
      LOG.atInfo().addKeyValue("instance", instance.container()).log("instance removed");
    } finally {
      instance.gone().complete(null);
    }
  }
}
