package dev.paas.runtime.doctor;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.Finding;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.linux.HostClock;
import dev.paas.runtime.linux.mount.UserNamespace;
import dev.paas.runtime.linux.network.Nftables;
import dev.paas.runtime.network.AddressRange;
import dev.paas.runtime.network.HostRoutes;
import dev.paas.runtime.oci.HostPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a host must be able to do, asked without a running platform: before the first start, and
 * when a start has failed. Nothing of a probe stays.
 */
public final class HostProbes {

  /** Overlays of idmapped layers came with Linux 5.19. */
  private static final int MIN_MAJOR = 5;

  private static final int MIN_MINOR = 19;
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** Less free space than this fails builds, in bytes. */
  private static final long MIN_FREE = 2L << 30;

  private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

  /** Sysctls with which distributions forbid user namespaces, and the value that does. */
  private static final List<String> FORBIDDING =
      List.of(
          "user/max_user_namespaces=0",
          "kernel/unprivileged_userns_clone=0",
          "kernel/apparmor_restrict_unprivileged_userns=1");

  private final PlatformSettings settings;

  public HostProbes(PlatformSettings settings) {
    this.settings = settings;
  }

  /** One finding for each probe, good or bad. */
  public List<Finding> examine() {
    return all().stream().map(Probe::examine).toList();
  }

  List<Probe> all() {
    return Stream.of(kernelProbes(), programProbes(), resourceProbes())
        .flatMap(List::stream)
        .toList();
  }

  private List<Probe> kernelProbes() {
    return List.of(
        new Probe(
            "kernel",
            () -> kernel(System.getProperty("os.version", "")),
            "Use Linux 5.19 or later: Debian 12, Ubuntu 24.04 or newer."),
        new Probe(
            "user-namespaces",
            this::userNamespaces,
            "Raise sysctl user.max_user_namespaces; it must not be 0."),
        new Probe(
            "mounts",
            () -> MountProbe.run(settings),
            "Use a kernel of 5.19 or later with overlay (modprobe overlay), glibc 2.36 or later, and"
                + " ext4, xfs or btrfs for platform.data."),
        new Probe(
            "cgroup.controllers",
            () -> controllers(Cgroups.MOUNT),
            "Boot with cgroup v2 (systemd.unified_cgroup_hierarchy=1) and without"
                + " cgroup_disable=memory."));
  }

  private static List<Probe> programProbes() {
    return List.of(
        new Probe("oci-runtime", HostProbes::ociRuntime, "Install the package crun."),
        new Probe(
            "conmon",
            () -> HostPrograms.version(HostPrograms.monitor()),
            "Install the package conmon."),
        new Probe(
            "init",
            () -> HostPrograms.init().toString(),
            "Install the platform again (bin/install), or build it (bin/build)."));
  }

  private List<Probe> resourceProbes() {
    return List.of(
        new Probe(
            "nftables",
            this::nftables,
            "Install the package libnftables1, and load the kernel module nf_tables."),
        new Probe(
            "network",
            this::network,
            "Set runtime.network to a range that this host and its network do not use."),
        new Probe(
            "disk",
            this::disk,
            "Free space on the disk of platform.data: paas image rm, or a larger disk."),
        new Probe(
            "clock",
            HostProbes::clock,
            "Let the host keep its time: install systemd-timesyncd or chrony."));
  }

  static String kernel(String release) throws IOException {
    Matcher version = VERSION.matcher(release);
    if (version.matches()) {
      int major = Integer.parseInt(version.group(1));
      int minor = Integer.parseInt(version.group(2));
      if (major > MIN_MAJOR || (major == MIN_MAJOR && minor >= MIN_MINOR)) {
        return "Linux " + release;
      }
    }
    throw new IOException("Linux " + release + " is older than 5.19");
  }

  private String userNamespaces() throws IOException {
    long first = settings.runtime().uidBase();
    try {
      UserNamespace.mapping(first, 65_536).close();
      return "uids from " + first + " appear as 0 and up";
    } catch (IOException refused) {
      StringBuilder why = new StringBuilder(String.valueOf(refused.getMessage()));
      for (String forbidding : FORBIDDING) {
        String name = forbidding.substring(0, forbidding.indexOf('='));
        Path file = Path.of("/proc/sys", name);
        if (Files.exists(file)
            && (name + "=" + Files.readString(file).strip()).equals(forbidding)) {
          why.append("; ").append(forbidding.replace('/', '.'));
        }
      }
      throw new IOException(why.toString(), refused);
    }
  }

  static String controllers(Path mount) throws IOException {
    Path unified = mount.resolve("cgroup.controllers");
    boolean v2 = Files.exists(unified);
    List<String> here = v2 ? List.of(Files.readString(unified).strip().split(" ")) : List.of();
    List<String> missing =
        CONTROLLERS.stream()
            .filter(c -> v2 ? !here.contains(c) : !Files.isDirectory(mount.resolve(c)))
            .toList();
    if (!missing.isEmpty()) {
      throw new IOException(
          "cgroup " + (v2 ? "v2" : "v1") + " lacks " + String.join(", ", missing));
    }
    return "cgroup " + (v2 ? "v2" : "v1") + " with " + String.join(", ", CONTROLLERS);
  }

  private static String ociRuntime() throws IOException, Probe.Warning {
    Path program = HostPrograms.ociRuntime();
    String version = HostPrograms.version(program);
    if (!program.endsWith("crun")) {
      throw new Probe.Warning(version + "; starts take twice as long as with crun");
    }
    return version;
  }

  private String nftables() throws IOException {
    String table = "paas-" + settings.platform().id() + "-probe";
    try (Nftables filter = Nftables.open()) {
      filter.run(
          "add table inet "
              + table
              + "\nadd set inet "
              + table
              + " addresses { type ipv4_addr; }\ndelete table inet "
              + table
              + "\n");
    }
    return "tables and sets can be made";
  }

  private String network() throws IOException {
    AddressRange range = AddressRange.parse(settings.runtime().network());
    Optional<String> other = HostRoutes.overlapping(range, settings.platform().id());
    if (other.isPresent()) {
      throw new IOException(range + " overlaps " + other.get());
    }
    return range + " is free";
  }

  private String disk() throws IOException {
    Path data = settings.platform().data();
    long free = Files.getFileStore(data).getUsableSpace();
    String found = (free >> 20) + " MiB free at " + data;
    if (free < MIN_FREE) {
      throw new IOException(found);
    }
    return found;
  }

  private static String clock() throws IOException, Probe.Warning {
    if (!HostClock.synchronised()) {
      throw new Probe.Warning("nobody keeps this host's time");
    }
    return "the time is kept";
  }
}
