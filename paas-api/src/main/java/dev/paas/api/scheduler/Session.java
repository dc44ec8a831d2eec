package dev.paas.api.scheduler;

import dev.paas.base.name.InstanceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A command whose streams can be attached to, as the scheduler describes it.
 *
 * @param instance of the run itself, or that the exec is inside of
 * @param exec whether it runs inside an instance, not in a container of its own
 * @param argv as it was asked for
 * @param exit how it ended; nothing while it runs
 * @param attached how many are attached now
 */
public record Session(
    String id,
    InstanceName instance,
    boolean exec,
    List<String> argv,
    boolean terminal,
    Instant startedAt,
    Optional<Exit> exit,
    int attached) {

  public Session {
    argv = List.copyOf(argv);
  }

  public boolean isOver() {
    return exit.isPresent();
  }

  /** Without the command, which may be secret. */
  @Override
  public String toString() {
    return "Session[" + id + " of " + instance + "]";
  }
}
