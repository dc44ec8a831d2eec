package dev.paas.runtime.container;

import dev.paas.base.settings.InstanceSettings;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.cgroup.GroupLimits;
import dev.paas.runtime.linux.file.DiskLimits;
import java.time.Duration;

/** What a container may have: what is asked for it, and the settings where nothing is. */
public final class ContainerLimits {

  private final PlatformSettings settings;
  private final RunPlaces runs;

  ContainerLimits(PlatformSettings settings) {
    this.settings = settings;
    this.runs = new RunPlaces(settings.runtime().oneOffs());
  }

  /** All of them set. */
  public Limits complete(Limits asked) {
    InstanceSettings defaults = settings.runtime();
    return Limits.newBuilder()
        .setMemoryBytes(memory(asked))
        .setCpuMillis(asked.getCpuMillis() > 0 ? asked.getCpuMillis() : defaults.cpuMillis())
        .setPids(asked.getPids() > 0 ? asked.getPids() : defaults.pids())
        .build();
  }

  /** In bytes. */
  public long memory(Limits asked) {
    return asked.getMemoryBytes() > 0
        ? asked.getMemoryBytes()
        : settings.runtime().memory().bytes();
  }

  /** The same limits for a group; 0 in a field: none of that kind. */
  public static GroupLimits group(Limits limits) {
    return new GroupLimits(limits.getMemoryBytes(), limits.getCpuMillis(), limits.getPids());
  }

  /** What an instance or a one-off process may have on the disk. */
  public DiskLimits instanceDisk() {
    return new DiskLimits(settings.runtime().disk().bytes(), settings.runtime().maxFiles());
  }

  /** What a build's step may have there. */
  public DiskLimits stepDisk() {
    return new DiskLimits(
        settings.build().disk().bytes(),
        settings.build().maxFiles(),
        settings.build().maxNameBytes().bytes(),
        settings.build().maxDirectory());
  }

  /** Size of an instance's {@code /tmp}, in bytes. */
  public long tmpBytes() {
    return settings.runtime().tmp().bytes();
  }

  /** Size of a container's {@code /dev/shm}, in bytes. */
  public long shmBytes() {
    return settings.runtime().shm().bytes();
  }

  /** One-off processes at once on this host, whoever carries their streams. */
  public RunPlaces runs() {
    return runs;
  }

  /** Execs at once in one instance. */
  public int execs() {
    return settings.runtime().execs();
  }

  /** From the stop signal to the kill. */
  public Duration stopGrace() {
    return settings.deploy().stopGrace();
  }
}
