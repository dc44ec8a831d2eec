package dev.paas.runtime.cgroup;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The control groups of one platform: one flat group an instance, named like it. Everything is
 * idempotent: creating what is there sets its limits again, removing what is absent is a success.
 */
public interface Cgroups {

  /** Where hosts mount control groups. */
  Path MOUNT = Path.of("/sys/fs/cgroup");

  /** A killed process that has not left its group after this long is stuck in the kernel. */
  long LEAVING_NANOS = 10_000_000_000L;

  /** The groups of a platform in whatever this host has. */
  static Cgroups of(String platform) throws IOException {
    boolean unified = Files.exists(MOUNT.resolve("cgroup.controllers"));
    return unified ? UnifiedCgroups.of(MOUNT, platform) : new LegacyCgroups(MOUNT, platform);
  }

  /** {@code v1}, {@code v2} or {@code hybrid}. */
  String mode();

  /** Makes a group with limits; 0 in a field sets none. */
  void create(String name, GroupLimits limits) throws IOException;

  /** Where a group is below the hierarchy's mount point, in each hierarchy alike. */
  String path(String name);

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

  /** The processes in the group now; none when it is absent. */
  List<Integer> pids(String name) throws IOException;

  /** Whether a process is in the group. */
  boolean populated(String name) throws IOException;

  /** Whether the group is there as a whole. */
  boolean exists(String name);

  /** Removes an empty group. */
  void remove(String name) throws IOException;

  /**
   * Removes a group whose processes were killed: the last of them may take a moment to leave it.
   */
  default void removeWhenEmpty(String name) throws IOException {
    long deadline = System.nanoTime() + LEAVING_NANOS;
    while (true) {
      try {
        remove(name);
        return;
      } catch (FileSystemException busy) {
        if (System.nanoTime() > deadline) {
          throw busy;
        }
        kill(name);
        // There is no event for this on v1.
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** The names of all groups of this platform. */
  List<String> names() throws IOException;

  /** Removes the platform's own group; every group in it must be removed before. */
  void removeAll() throws IOException;
}
