package dev.paas.runtime.instance;

import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.cgroup.Usage;
import dev.paas.runtime.container.DiskWatch;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.linux.file.DiskLimits;
import java.io.IOException;
import java.time.Clock;
import java.util.OptionalInt;

/** Finds out how the process of an instance ended, from what its monitor and the kernel left. */
final class Ends {

  private final Monitor monitor;
  private final Cgroups cgroups;
  private final DiskWatch disk;
  private final DiskLimits limits;
  private final Clock clock;

  /**
   * @param limits of what an instance may have on the disk
   */
  Ends(Monitor monitor, Cgroups cgroups, DiskWatch disk, DiskLimits limits, Clock clock) {
    this.monitor = monitor;
    this.cgroups = cgroups;
    this.disk = disk;
    this.limits = limits;
    this.clock = clock;
  }

  /** Whether the monitor has told how it ended. */
  boolean isTold(Supervised instance) {
    return monitor.hasExited(instance.container());
  }

  /** The end of a process that is no more. */
  Exit of(Supervised instance) throws IOException {
    OptionalInt code = monitor.exitCode(instance.container());
    long now = clock.millis();
    if (code.isEmpty()) {
      return Exits.unknown(now);
    }
    DiskLimits.Excess excess = disk.excess(instance.container());
    if (excess != DiskLimits.Excess.NONE) {
      return Exits.diskFull(code.getAsInt(), excess, limits, now);
    }
    Usage usage = cgroups.usage(instance.container());
    long memoryLimit = instance.view().getMemoryLimitBytes();
    return Exits.of(code.getAsInt(), usage.oomKills(), memoryLimit, now);
  }

  /** The end of a launch that did not come to a process. */
  Exit ofLaunch(Throwable failed) {
    // The message of a bug's error says nothing without its name.
    String why = failed instanceof Error ? failed.toString() : String.valueOf(failed.getMessage());
    return Exits.startFailed(why, clock.millis());
  }
}
