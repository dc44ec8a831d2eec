package dev.paas.api.scheduler;

import dev.paas.base.name.InstanceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An instance as the scheduler has told of it.
 *
 * @param pid of its first process, on the host; 0 when it does not run
 * @param address where it listens; empty when it has no address
 * @param port where it is to listen; 0 for none
 * @param listening the TCP ports that something in it listens on
 * @param startedAt nothing before the first start
 * @param restarts how often it was started again after an exit
 * @param lastExit nothing before the first exit
 * @param memoryBytes in use
 * @param memoryLimitBytes the most that it may use
 * @param cpuNanos used since the start, in nanoseconds
 * @param unreachable while it starts, why no request can reach it; empty when nothing is known
 */
public record Instance(
    InstanceName name,
    State state,
    int pid,
    String address,
    int port,
    List<Integer> listening,
    Optional<Instant> startedAt,
    int restarts,
    Optional<Exit> lastExit,
    long memoryBytes,
    long memoryLimitBytes,
    long cpuNanos,
    String unreachable) {

  /** How far an instance is. */
  public enum State {
    /** Its process runs and its port takes no connection yet. */
    STARTING,

    /** It takes connections, or has no port. */
    RUNNING,

    /** It exited and will be started again. */
    BACKOFF,

    /** It exited and will not be started again. */
    EXITED,

    /** It has been told to stop. */
    STOPPING,

    /** In a state that is newer than this program: it is there, and gets no requests. */
    UNKNOWN
  }

  public Instance {
    listening = List.copyOf(listening);
  }

  /** An instance of which nothing is known but that somebody wants it. */
  public static Instance unknown(InstanceName name) {
    return new Instance(
        name,
        State.UNKNOWN,
        0,
        "",
        0,
        List.of(),
        Optional.empty(),
        0,
        Optional.empty(),
        0,
        0,
        0,
        "");
  }

  /** Whether the router may send it requests once it listens. */
  public boolean isRoutable() {
    return port != 0;
  }

  /** The same instance, somewhere else in its life. */
  public Instance in(State other) {
    return new Instance(
        name,
        other,
        pid,
        address,
        port,
        listening,
        startedAt,
        restarts,
        lastExit,
        memoryBytes,
        memoryLimitBytes,
        cpuNanos,
        unreachable);
  }
}
