package dev.paas.runtime.oci;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.paas.runtime.rootfs.Accounts;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a container is made of, and its form for an OCI runtime ({@code config.json}, runtime-spec
 * 1.0.2). Everything that isolates is decided here; nothing of it can be asked for.
 *
 * @param root a mounted root filesystem
 * @param capabilities of uid 0; another user has none
 * @param diskBytes size of the largest file that a process may make
 * @param memory folders in memory, perhaps {@code /tmp}
 * @param gate a program that the runtime waits for before it starts the process
 * @param terminal its size; empty: none, the process has pipes
 */
public record Bundle(
    RootFilesystem root,
    List<String> argv,
    List<String> env,
    String workingDirectory,
    Accounts account,
    List<String> capabilities,
    String hostname,
    List<Bind> binds,
    long diskBytes,
    List<Memory> memory,
    long shmBytes,
    Optional<List<String>> gate,
    Optional<TerminalSize> terminal) {

  /** In characters, each from 1 to 65,535. */
  public record TerminalSize(int columns, int rows) {}

  /** A file or folder of the daemon's making that appears inside. */
  public record Bind(String source, String target, boolean writable) {

    public Bind(Path source, String target, boolean writable) {
      this(source.toString(), target, writable);
    }
  }

  /** A folder in memory that everybody inside may write to, and how much. */
  public record Memory(String target, long bytes) {}

  /**
   * Enough to change owners and identities within the namespace; no devices, no raw sockets, no
   * file capabilities.
   */
  public static final List<String> INSTANCE_CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL");

  /** Package managers also set file capabilities. */
  public static final List<String> BUILD_CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_SETFCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL");

  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/devices/virtual/powercap",
          "/sys/firmware",
          // Hierarchies of v1 in which an instance has no group of its own: they show the host's.
          "/sys/fs/cgroup/blkio",
          "/sys/fs/cgroup/devices",
          "/sys/fs/cgroup/hugetlb",
          "/sys/fs/cgroup/net_cls",
          "/sys/fs/cgroup/net_prio",
          "/sys/fs/cgroup/perf_event",
          "/sys/fs/cgroup/systemd",
          "/sys/kernel");

  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DEV_BYTES = 65_536;
  private static final int DEV_FILES = 1000;

  /** IPv6 of the links that are made later; the loopback that is there already keeps its own. */
  private static final String NO_IPV6 = "net.ipv6.conf.default.disable_ipv6";

  /**
   * @param group the control group that the runtime is to enter
   * @param users the user namespace that it is to join; it makes one where there is none
   */
  public byte[] json(
      SystemCallFilter filter,
      ResourceLimits resources,
      Optional<String> group,
      Optional<Path> users)
      throws IOException {
    ObjectNode top = JsonNodeFactory.instance.objectNode();
    top.put("ociVersion", "1.0.2").put("hostname", hostname);
    top.putObject("root").put("path", root.path().toString());
    ObjectNode process = top.putObject("process");
    process(process, resources);
    AppArmor.profile().ifPresent(profile -> process.put("apparmorProfile", profile));
    mounts(top.putArray("mounts"), resources);
    ObjectNode linux = top.putObject("linux");
    linux(linux, filter, users);
    group.ifPresent(path -> linux.put("cgroupsPath", path));
    gate.ifPresent(
        program -> {
          ObjectNode hook = top.putObject("hooks").putArray("prestart").addObject();
          hook.put("path", program.get(0));
          program.forEach(hook.putArray("args")::add);
        });
    return JSON.writeValueAsBytes(top);
  }

  /** What the runtime is told of one more process of a container that was made of the same. */
  byte[] processJson(ResourceLimits resources) throws IOException {
    ObjectNode process = JsonNodeFactory.instance.objectNode();
    process(process, resources);
    AppArmor.profile().ifPresent(profile -> process.put("apparmorProfile", profile));
    return JSON.writeValueAsBytes(process);
  }

  private void process(ObjectNode process, ResourceLimits resources) {
    process.put("terminal", terminal.isPresent());
    terminal.ifPresent(
        size ->
            process
                .putObject("consoleSize")
                .put("height", size.rows())
                .put("width", size.columns()));
    process.put("cwd", workingDirectory).put("noNewPrivileges", true);
    ObjectNode user = process.putObject("user");
    user.put("uid", account.uid()).put("gid", account.gid());
    account.groups().forEach(user.putArray("additionalGids")::add);
    argv.forEach(process.putArray("args")::add);
    env.forEach(process.putArray("env")::add);
    ObjectNode sets = process.putObject("capabilities");
    for (String set : List.of("bounding", "effective", "permitted")) {
      ArrayNode into = sets.putArray(set);
      if (account.uid() == 0) {
        capabilities.forEach(into::add);
      }
    }
    sets.putArray("inheritable");
    sets.putArray("ambient");
    ArrayNode limits = process.putArray("rlimits");
    limit(limits, "RLIMIT_NOFILE", resources.openFiles());
    limit(limits, "RLIMIT_FSIZE", diskBytes);
    limit(limits, "RLIMIT_CORE", 0);
    limit(limits, "RLIMIT_SIGPENDING", resources.pendingSignals());
    limit(limits, "RLIMIT_MSGQUEUE", resources.messageQueueBytes());
  }

  private static void limit(ArrayNode limits, String type, long value) {
    limits.addObject().put("type", type).put("soft", value).put("hard", value);
  }

  private void mounts(ArrayNode mounts, ResourceLimits resources) {
    mount(mounts, "/proc", "proc", "proc", "nosuid,noexec,nodev");
    String dev = "nosuid,strictatime,mode=755,size=" + DEV_BYTES + ",nr_inodes=" + DEV_FILES;
    mount(mounts, "/dev", "tmpfs", "tmpfs", dev);
    String pts = "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5,max=";
    mount(mounts, "/dev/pts", "devpts", "devpts", pts + resources.ptys());
    mount(mounts, "/dev/shm", "tmpfs", "shm", "nosuid,noexec,nodev," + shared(shmBytes));
    mount(mounts, "/dev/mqueue", "mqueue", "mqueue", "nosuid,noexec,nodev");
    mount(mounts, "/sys", "sysfs", "sysfs", "nosuid,noexec,nodev,ro");
    mount(mounts, "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid,noexec,nodev,relatime,ro");
    for (Memory each : memory) {
      mount(mounts, each.target(), "tmpfs", "tmpfs", "nosuid,nodev," + shared(each.bytes()));
    }
    for (Bind bind : binds) {
      String mode = bind.writable() ? "rw" : "ro";
      mount(mounts, bind.target(), "bind", bind.source(), "bind,nosuid,nodev," + mode);
    }
  }

  /** A folder in memory that every user may write to. */
  private static String shared(long bytes) {
    return "mode=1777,size=" + bytes + ",nr_inodes=" + ResourceLimits.TMP_FILES;
  }

  /**
   * @param options joined by commas
   */
  private static void mount(
      ArrayNode mounts, String target, String type, String source, String options) {
    ObjectNode mount = mounts.addObject().put("destination", target);
    mount.put("type", type).put("source", source);
    List.of(options.split(",")).forEach(mount.putArray("options")::add);
  }

  private void linux(ObjectNode linux, SystemCallFilter filter, Optional<Path> users) {
    ArrayNode namespaces = linux.putArray("namespaces");
    for (String type : List.of("pid", "network", "ipc", "uts", "mount", "cgroup")) {
      namespaces.addObject().put("type", type);
    }
    ObjectNode ofUsers = namespaces.addObject().put("type", "user");
    users.ifPresent(path -> ofUsers.put("path", path.toString()));
    for (String mapping : List.of("uidMappings", "gidMappings")) {
      linux
          .putArray(mapping)
          .addObject()
          .put("containerID", 0)
          .put("hostID", root.ids().first())
          .put("size", UidRange.SIZE);
    }
    ObjectNode settings = linux.putObject("sysctl");
    settings
        .put("net.ipv4.ip_unprivileged_port_start", "0")
        .put("net.ipv4.ping_group_range", "0 " + (UidRange.SIZE - 1));
    // Nothing leaves by IPv6, and whoever tries would fill the host's table of neighbours.
    if (Files.exists(Path.of("/proc/sys", NO_IPV6.replace('.', '/')))) {
      settings.put(NO_IPV6, "1");
    }
    MASKED.forEach(linux.putArray("maskedPaths")::add);
    READ_ONLY.forEach(linux.putArray("readonlyPaths")::add);
    linux.set("seccomp", filter.json());
  }
}
