package dev.paas.runtime.cgroup;

import static dev.paas.runtime.cgroup.GroupFiles.folders;
import static dev.paas.runtime.cgroup.GroupFiles.lines;
import static dev.paas.runtime.cgroup.GroupFiles.number;
import static dev.paas.runtime.cgroup.GroupFiles.write;

import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Control groups v1: a tree of groups for each controller (Documentation/admin-guide/cgroup-v1).
 */
final class LegacyCgroups implements Cgroups {

  private static final List<String> CONTROLLERS =
      List.of("memory", "cpu", "cpuacct", "pids", "freezer");

  /**
   * A group that keeps making processes is frozen for each sweep, so that a few always are enough.
   */
  private static final int KILL_SWEEPS = 20;

  /** The part of its memory that a group may have again for buffers of TCP: a quarter. */
  private static final int SOCKET_SHARE = 4;

  private final Path mount;
  private final String platform;

  LegacyCgroups(Path mount, String platform) {
    this.mount = mount;
    this.platform = "paas-" + platform;
  }

  @Override
  public String mode() {
    return Files.isDirectory(mount.resolve("unified")) ? "hybrid" : "v1";
  }

  @Override
  public void create(String name, GroupLimits limits) throws IOException {
    for (String controller : CONTROLLERS) {
      Files.createDirectories(group(controller, name));
    }
    if (limits.memoryBytes() > 0) {
      limitMemory(group("memory", name), Long.toString(limits.memoryBytes()));
      limitSockets(group("memory", name), limits.memoryBytes() / SOCKET_SHARE);
    }
    if (limits.cpuMillis() > 0) {
      Path cpu = group("cpu", name);
      write(cpu.resolve("cpu.cfs_period_us"), Integer.toString(GroupLimits.CPU_PERIOD_MICROS));
      write(cpu.resolve("cpu.cfs_quota_us"), Long.toString(limits.cpuQuotaMicros()));
    }
    if (limits.pids() > 0) {
      write(group("pids", name).resolve("pids.max"), Integer.toString(limits.pids()));
    }
  }

  // Buffers of sockets don't count as memory here, and all of the host have one allowance
  // (tcp_mem).
  private static void limitSockets(Path group, long bytes) throws IOException {
    Path sockets = group.resolve("memory.kmem.tcp.limit_in_bytes");
    if (Files.exists(sockets)) {
      write(sockets, Long.toString(bytes));
    }
  }

  // Memory with swap may never be below memory: the order differs between raising and lowering.
  private static void limitMemory(Path group, String limit) throws IOException {
    Path memory = group.resolve("memory.limit_in_bytes");
    Path withSwap = group.resolve("memory.memsw.limit_in_bytes");
    if (!Files.exists(withSwap)) {
      write(memory, limit);
      return;
    }
    write(withSwap, "-1");
    write(memory, limit);
    write(withSwap, limit);
  }

  @Override
  public String path(String name) {
    return "/" + platform + "/" + name;
  }

  @Override
  public List<Path> entrances(String name) {
    // `tasks` moves one thread without waiting for a grace period; the caller is a shell, it has
    // one.
    return CONTROLLERS.stream().map(c -> group(c, name).resolve("tasks")).toList();
  }

  @Override
  public List<Path> monitorEntrances() {
    return List.of();
  }

  @Override
  public Usage usage(String name) throws IOException {
    Path memory = group("memory", name);
    long cache = number(memory.resolve("memory.stat"), "total_inactive_file");
    return new Usage(
        Math.max(0, number(memory.resolve("memory.usage_in_bytes")) - cache),
        number(group("cpuacct", name).resolve("cpuacct.usage")),
        number(memory.resolve("memory.oom_control"), "oom_kill"),
        (int) number(group("pids", name).resolve("pids.current")));
  }

  @Override
  public void freeze(String name) throws IOException {
    write(group("freezer", name).resolve("freezer.state"), "FROZEN");
  }

  @Override
  public void thaw(String name) throws IOException {
    write(group("freezer", name).resolve("freezer.state"), "THAWED");
  }

  @Override
  public void kill(String name) throws IOException {
    if (!Files.isDirectory(group("freezer", name))) {
      return;
    }
    for (int sweep = 0; sweep < KILL_SWEEPS && populated(name); sweep++) {
      freeze(name);
      for (String pid : lines(group("freezer", name).resolve("cgroup.procs"))) {
        Optional<ProcessIdentity> process = ProcessIdentity.of(Integer.parseInt(pid));
        if (process.isPresent()) {
          Signals.send(process.get(), Signals.SIGKILL);
        }
      }
      // A frozen process takes its signal only when it is thawed.
      thaw(name);
    }
  }

  @Override
  public List<Integer> pids(String name) throws IOException {
    return lines(group("freezer", name).resolve("cgroup.procs")).stream()
        .map(Integer::valueOf)
        .toList();
  }

  @Override
  public boolean populated(String name) throws IOException {
    for (String controller : CONTROLLERS) {
      if (!lines(group(controller, name).resolve("cgroup.procs")).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean exists(String name) {
    return CONTROLLERS.stream().allMatch(c -> Files.isDirectory(group(c, name)));
  }

  @Override
  public void remove(String name) throws IOException {
    for (String controller : CONTROLLERS) {
      Files.deleteIfExists(group(controller, name));
    }
  }

  @Override
  public List<String> names() throws IOException {
    java.util.TreeSet<String> names = new java.util.TreeSet<>();
    for (String controller : CONTROLLERS) {
      folders(mount.resolve(controller).resolve(platform))
          .forEach(folder -> names.add(folder.getFileName().toString()));
    }
    return List.copyOf(names);
  }

  @Override
  public void removeAll() throws IOException {
    // In every hierarchy: runc makes groups in all of them, also in those that are not used here.
    for (Path hierarchy : folders(mount)) {
      for (Path group : folders(hierarchy.resolve(platform))) {
        Files.deleteIfExists(group);
      }
      Files.deleteIfExists(hierarchy.resolve(platform));
    }
  }

  private Path group(String controller, String name) {
    return mount.resolve(controller).resolve(platform).resolve(name);
  }
}
