package dev.paas.api.process;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An instance as the API shows it. */
record InstanceView(
    String name,
    String process,
    int slot,
    String release,
    String state,
    int pid,
    String address,
    int port,
    @Nullable Instant startedAt,
    int restarts,
    long memoryBytes,
    long memoryLimitBytes,
    long cpuNanos,
    List<Integer> listening,
    @Nullable LastExit lastExit) {

  /** How it ended last. */
  record LastExit(String reason, int code, String detail, Instant at) {}

  static InstanceView of(Instance instance) {
    String process = instance.getId().getProcess();
    int slot = instance.getId().getSlot();
    return new InstanceView(
        process + "." + slot,
        process,
        slot,
        "v" + instance.getId().getRelease(),
        instance.getState().name().toLowerCase(Locale.ROOT),
        instance.getPid(),
        instance.getAddress(),
        instance.getPort(),
        instance.getStartedAtMillis() == 0
            ? null
            : Instant.ofEpochMilli(instance.getStartedAtMillis()),
        instance.getRestarts(),
        instance.getMemoryBytes(),
        instance.getMemoryLimitBytes(),
        instance.getCpuNanos(),
        instance.getListeningList(),
        instance.hasLastExit() ? lastExit(instance.getLastExit()) : null);
  }

  private static LastExit lastExit(Exit exit) {
    return new LastExit(
        exit.getReason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        exit.getCode(),
        exit.getDetail(),
        Instant.ofEpochMilli(exit.getAtMillis()));
  }
}
