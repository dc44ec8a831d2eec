package dev.paas.runtime.instance;

import dev.paas.base.settings.InstanceSettings;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Backoff;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.HostParts;
import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.container.SpecMemory;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.inventory.Changes;
import dev.paas.runtime.inventory.Inventory;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.network.FilterKeeper;
import dev.paas.runtime.network.HostNetwork;
import dev.paas.runtime.network.RouterDoor;
import dev.paas.runtime.rootfs.UidRanges;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/** Puts a {@link Supervisor} together. */
public final class SupervisorWiring {

  /** All specs together, in bytes. */
  private static final long MAX_SPECS = 32 << 20;

  private final ContainerParts parts;
  private final PlatformSettings settings;
  private final UidRanges ids;
  private final Function<String, StoredImage> images;
  private final Logs logs;
  private final Clock clock;

  /**
   * @param images finds an image by its digest
   */
  public SupervisorWiring(
      ContainerParts parts,
      PlatformSettings settings,
      UidRanges ids,
      Function<String, StoredImage> images,
      Logs logs,
      Clock clock) {
    this.parts = parts;
    this.settings = settings;
    this.ids = ids;
    this.images = images;
    this.logs = logs;
    this.clock = clock;
  }

  public Supervisor supervisor(Inventory inventory, Admissions admissions) throws IOException {
    HostParts tools = parts.tools();
    Monitor monitor = monitor();
    Launcher launcher = launcher(monitor);
    Workers workers = new Workers(parts.duties());
    Ledger ledger = new Ledger(inventory.records(), new Changes(), tools.cgroups());
    Roster roster = roster();
    InstanceNotes notes = new InstanceNotes(logs, clock);
    Ends ends =
        new Ends(monitor, tools.cgroups(), tools.disk(), parts.limits().instanceDisk(), clock);
    Launch launch = new Launch(launcher, ids, logs, notes, ledger, clock);
    Surroundings surroundings = new Surroundings(tools.network().links(), tools.cgroups());
    Duration settle = settings.runtime().settle();
    LifeCycle cycle =
        new LifeCycle(
            workers,
            new Effects(launcher, tools.cgroups(), images, roster, ledger, notes),
            new LaunchQueue(workers, launch, ends, ledger),
            new ProcessCheck(workers, ends, surroundings, settle, clock),
            ends,
            notes);
    Duration grace = settings.deploy().stopGrace();
    Upkeep upkeep =
        new Upkeep(
            workers,
            new Adoption(inventory.records(), roster, ledger, cycle, clock, grace),
            inventory.orphans(),
            filter(tools.network()),
            new ExitWatcher(
                tools.folders().exits(),
                parts.duties(),
                container -> roster.find(container).ifPresent(cycle::exitTold)),
            settings.runtime().sweepInterval());
    return new Supervisor(
        new Starts(admissions, images, roster, cycle), cycle, roster, ledger, upkeep, tools.disk());
  }

  Monitor monitor() throws IOException {
    HostParts tools = parts.tools();
    long most = settings.runtime().logKept().bytes() * Logs.MONITOR_FACTOR;
    return new Monitor(
        tools.runtime(), tools.cgroups(), tools.folders(), most, settings.runtime().startLimit());
  }

  Launcher launcher(Monitor monitor) {
    return new Launcher(
        parts.host(),
        parts.files(),
        monitor,
        parts.tools().network().links(),
        parts.limits(),
        images);
  }

  private Roster roster() {
    InstanceSettings instances = settings.runtime();
    return new Roster(
        parts.claims(),
        parts.tools().network().links(),
        new SpecMemory(MAX_SPECS),
        parts.limits()::memory,
        new Backoff(instances.restartBackoffMin(), instances.restartBackoffMax()));
  }

  private FilterKeeper filter(HostNetwork network) {
    return new FilterKeeper(
        network.firewall(),
        network.links(),
        network.range(),
        RouterDoor.of(settings.router().http()));
  }
}
