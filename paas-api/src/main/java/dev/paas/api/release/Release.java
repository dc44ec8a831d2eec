package dev.paas.api.release;

import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.builder.procfile.Command;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What runs: an image, the config of one version, and how its processes start. A release never
 * changes; a rollback makes a new one that repeats an old one.
 *
 * @param image manifest digest in the runtime's store
 * @param port what a routable process is told in {@code PORT}
 * @param commit the pushed commit, in full
 * @param user who caused it
 * @param description one line, e.g. {@code Deploy 1a2b3c4}
 */
public record Release(
    AppName app,
    ReleaseVersion version,
    String image,
    int configVersion,
    SortedMap<ProcessType, ProcessSpec> processes,
    int port,
    String commit,
    String user,
    String description,
    Instant createdAt) {

  /** Told to every program, unless its image exposes exactly one TCP port. */
  public static final int DEFAULT_PORT = 5000;

  public Release {
    processes = Collections.unmodifiableSortedMap(new TreeMap<>(processes));
  }

  /** Where an instance of a process type has to listen; 0 for nowhere. */
  public int portOf(ProcessType process) {
    ProcessSpec spec = processes.get(process);
    return spec != null && spec.routable() ? port : 0;
  }

  /** How each process type starts. */
  SortedMap<ProcessType, Command> commands() {
    SortedMap<ProcessType, Command> commands = new TreeMap<>();
    processes.forEach((process, spec) -> commands.put(process, spec.command()));
    return commands;
  }
}
