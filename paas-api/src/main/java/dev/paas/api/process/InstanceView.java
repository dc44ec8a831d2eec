package dev.paas.api.process;

import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.InstanceName;
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
    InstanceName name = instance.name();
    return new InstanceView(
        name.label(),
        name.process().value(),
        name.slot(),
        "v" + name.release(),
        instance.state().name().toLowerCase(Locale.ROOT),
        instance.pid(),
        instance.address(),
        instance.port(),
        instance.startedAt().orElse(null),
        instance.restarts(),
        instance.memoryBytes(),
        instance.memoryLimitBytes(),
        instance.cpuNanos(),
        instance.listening(),
        instance.lastExit().map(InstanceView::lastExit).orElse(null));
  }

  private static LastExit lastExit(Exit exit) {
    return new LastExit(
        exit.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        exit.code(),
        exit.detail(),
        exit.at());
  }
}
