package dev.paas.runtime.cgroup;

import static dev.paas.runtime.cgroup.GroupFiles.folders;
import static dev.paas.runtime.cgroup.GroupFiles.lines;
import static dev.paas.runtime.cgroup.GroupFiles.number;
import static dev.paas.runtime.cgroup.GroupFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Control groups v2: one tree (Documentation/admin-guide/cgroup-v2). */
final class UnifiedCgroups implements Cgroups {

  /**
   * The unit that systemd delegates: a daemon that enabled controllers in its own could not be
   * restarted.
   */
  private static final String HOLDER = "system.slice/paas-instances.service";

  private static final String MONITORS = "monitors";
  private static final String CONTROLLERS = "+cpu +memory +pids";

  private final Path mount;
  private final Path platform;

  private UnifiedCgroups(Path mount, Path platform) {
    this.mount = mount;
    this.platform = platform;
  }

  static UnifiedCgroups of(Path mount, String platform) {
    Path holder = mount.resolve(HOLDER);
    return new UnifiedCgroups(
        mount, (Files.isDirectory(holder) ? holder : mount).resolve("paas-" + platform));
  }

  @Override
  public String mode() {
    return "v2";
  }

  @Override
  public void create(String name, GroupLimits limits) throws IOException {
    Path group = group(name);
    if (!Files.isDirectory(group)) {
      delegate();
      Files.createDirectories(group);
    }
    if (limits.memoryBytes() > 0) {
      write(group.resolve("memory.max"), Long.toString(limits.memoryBytes()));
      if (Files.exists(group.resolve("memory.swap.max"))) {
        write(group.resolve("memory.swap.max"), "0");
      }
    }
    if (limits.cpuMillis() > 0) {
      write(
          group.resolve("cpu.max"), limits.cpuQuotaMicros() + " " + GroupLimits.CPU_PERIOD_MICROS);
    }
    if (limits.pids() > 0) {
      write(group.resolve("pids.max"), Integer.toString(limits.pids()));
    }
  }

  // A controller is there in a group when every group above hands it down.
  private void delegate() throws IOException {
    Files.createDirectories(platform);
    Path at = mount;
    write(at.resolve("cgroup.subtree_control"), CONTROLLERS);
    for (Path step : mount.relativize(platform)) {
      at = at.resolve(step);
      write(at.resolve("cgroup.subtree_control"), CONTROLLERS);
    }
  }

  @Override
  public String path(String name) {
    return "/" + mount.relativize(group(name));
  }

  @Override
  public List<Path> entrances(String name) {
    return List.of(group(name).resolve("cgroup.procs"));
  }

  @Override
  public List<Path> monitorEntrances() throws IOException {
    Path monitors = platform.resolve(MONITORS);
    if (!Files.isDirectory(monitors)) {
      delegate();
      Files.createDirectories(monitors);
    }
    return List.of(monitors.resolve("cgroup.procs"));
  }

  @Override
  public Usage usage(String name) throws IOException {
    Path group = group(name);
    long cache = number(group.resolve("memory.stat"), "inactive_file");
    return new Usage(
        Math.max(0, number(group.resolve("memory.current")) - cache),
        number(group.resolve("cpu.stat"), "usage_usec") * 1000,
        number(group.resolve("memory.events"), "oom_kill"),
        (int) number(group.resolve("pids.current")));
  }

  @Override
  public void freeze(String name) throws IOException {
    write(group(name).resolve("cgroup.freeze"), "1");
  }

  @Override
  public void thaw(String name) throws IOException {
    write(group(name).resolve("cgroup.freeze"), "0");
  }

  @Override
  public void kill(String name) throws IOException {
    if (Files.isDirectory(group(name))) {
      write(group(name).resolve("cgroup.kill"), "1");
    }
  }

  @Override
  public List<Integer> pids(String name) throws IOException {
    return lines(group(name).resolve("cgroup.procs")).stream().map(Integer::valueOf).toList();
  }

  @Override
  public boolean populated(String name) throws IOException {
    return number(group(name).resolve("cgroup.events"), "populated") == 1;
  }

  @Override
  public boolean exists(String name) {
    return Files.isDirectory(group(name));
  }

  @Override
  public void remove(String name) throws IOException {
    Path group = group(name);
    // What a program made inside its delegated group goes first.
    for (Path below : folders(group)) {
      Files.deleteIfExists(below);
    }
    Files.deleteIfExists(group);
  }

  @Override
  public List<String> names() throws IOException {
    return folders(platform).stream()
        .map(folder -> folder.getFileName().toString())
        .filter(name -> !name.equals(MONITORS))
        .toList();
  }

  @Override
  public void removeAll() throws IOException {
    Files.deleteIfExists(platform.resolve(MONITORS));
    Files.deleteIfExists(platform);
  }

  private Path group(String name) {
    return platform.resolve(name);
  }
}
