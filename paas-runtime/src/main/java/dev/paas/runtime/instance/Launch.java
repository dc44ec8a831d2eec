package dev.paas.runtime.instance;

import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.Observation;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.rootfs.UidRanges;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes a process of an instance. What a crash leaves: before the process is recorded, an instance
 * that is launched again by the next daemon, which first clears whatever this one made; after it, a
 * process that the next daemon lets begin.
 */
final class Launch {

  private final Launcher launcher;
  private final UidRanges ids;
  private final Logs logs;
  private final InstanceNotes notes;
  private final Ledger ledger;
  private final Clock clock;

  Launch(
      Launcher launcher,
      UidRanges ids,
      Logs logs,
      InstanceNotes notes,
      Ledger ledger,
      Clock clock) {
    this.launcher = launcher;
    this.ids = ids;
    this.logs = logs;
    this.notes = notes;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Returns when the program has begun; called in the instance's turn. */
  Observation.Launched of(Supervised instance) throws IOException {
    UidRange range = ids.of(instance.name().app());
    Path log = logs.file(instance.name());
    // Also what an end that nobody saw has left: the daemon may have been killed meanwhile.
    notes.processEnded(instance);
    AtomicReference<Observation.Launched> launched = new AtomicReference<>();
    launcher.launch(
        instance.name(),
        instance.spec(),
        range,
        instance.place(),
        log,
        process -> launched.set(stored(instance, process)));
    return Objects.requireNonNull(launched.get(), "launched without a process");
  }

  private Observation.Launched stored(Supervised instance, ProcessIdentity process)
      throws IOException {
    Observation.Launched launched = new Observation.Launched(process, clock.millis());
    ledger.store(instance, Life.next(instance.life(), launched, instance.rules()).life());
    return launched;
  }
}
