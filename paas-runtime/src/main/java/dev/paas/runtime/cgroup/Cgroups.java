package dev.paas.runtime.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The control groups of one platform: one flat group an instance, named like it. Everything is
 * idempotent: creating what is there sets its limits again, removing what is absent is a success.
 */
public interface Cgroups {

  /** Where hosts mount control groups. */
  Path MOUNT = Path.of("/sys/fs/cgroup");

  /** The groups of a platform in whatever this host has. */
  static Cgroups of(String platform) throws IOException {
    boolean unified = Files.exists(MOUNT.resolve("cgroup.controllers"));
    return unified ? UnifiedCgroups.of(MOUNT, platform) : new LegacyCgroups(MOUNT, platform);
  }

  /** {@code v1}, {@code v2} or {@code hybrid}. */
  String mode();

  /** Makes a group with limits; 0 in a field sets none. */
  void create(String name, GroupLimits limits) throws IOException;

  /** A process enters a group by writing 0 to each of these files. */
  List<Path> entrances(String name);

  /** The same for the monitors of instances; empty: they stay where the daemon is. */
  List<Path> monitorEntrances() throws IOException;

  /** What a group uses now; zeros when it is absent. */
  Usage usage(String name) throws IOException;

  /** Stands all processes of a group still; it keeps its memory. */
  void freeze(String name) throws IOException;

  void thaw(String name) throws IOException;

  /** Sends SIGKILL to every process of a group, also to those that it starts meanwhile. */
  void kill(String name) throws IOException;

  /** Whether a process is in the group. */
  boolean populated(String name) throws IOException;

  /** Removes an empty group. */
  void remove(String name) throws IOException;

  /** The names of all groups of this platform. */
  List<String> names() throws IOException;

  /** Removes the platform's own group; every group in it must be removed before. */
  void removeAll() throws IOException;
}
