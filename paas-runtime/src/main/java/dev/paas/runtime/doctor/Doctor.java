package dev.paas.runtime.doctor;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.Finding;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.cgroup.GroupLimits;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.container.HostTrust;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.network.Firewall;
import dev.paas.runtime.oci.AppArmor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Examines the host by doing. A probe that fails never stops the next one. */
public final class Doctor {

  /** Names the process that keeps the unit of all instances alive, where systemd runs it. */
  private static final Path HOLDER =
      Path.of("/sys/fs/cgroup/system.slice/paas-instances.service/holder/cgroup.procs");

  private final PlatformSettings settings;
  private final ContainerHost host;
  private final Cgroups cgroups;
  private final Firewall firewall;
  private final Duties duties;
  private final LiveProbes probes;

  /** Also removes what an examination left that was killed. */
  public Doctor(
      PlatformSettings settings,
      ContainerHost host,
      Cgroups cgroups,
      Firewall firewall,
      Duties duties,
      LiveProbes probes)
      throws IOException {
    MountProbe.clear(settings);
    this.settings = settings;
    this.host = host;
    this.cgroups = cgroups;
    this.firewall = firewall;
    this.duties = duties;
    this.probes = probes;
  }

  /** One finding for each probe, good or bad; one caller after the other, as they try things. */
  public synchronized List<Finding> examine() {
    List<Finding> findings = new ArrayList<>(new HostProbes(settings).examine());
    List.of(
            new Probe(
                "cgroup",
                this::groups,
                "Mount the cpu, memory and pids controllers; under systemd:"
                    + " systemctl restart paas-instances, or reboot when it can't (instances run on)."),
            new Probe(
                "container",
                probes.container()::run,
                "Fix what the other probes found; else the value says what the OCI runtime missed."),
            new Probe(
                "packet-filter",
                this::filter,
                "It is put back within seconds; else restart paas-runtimed and read its log."),
            new Probe(
                "forwarding",
                Doctor::forwarding,
                "Set net.ipv4.ip_forward to 1; something on this host turned it off."),
            new Probe(
                "build.proxies",
                Doctor::proxies,
                "Give builds a proxy that wants no password, or packages from a mirror."),
            new Probe(
                "apparmor",
                Doctor::appArmor,
                "Install again with bin/install, which loads the profile paas-instance."))
        .forEach(probe -> findings.add(probe.examine()));
    findings.add(
        new Probe("duties", this::standing, "Read the log of paas-runtimed, which has the cause.")
            .examine());
    findings.addAll(probes.orphans().examine());
    return findings;
  }

  private String groups() throws IOException, Probe.Warning {
    Claims.Claim claim = host.claim("doctor");
    try {
      cgroups.create("doctor", new GroupLimits(64 << 20, 100, 10));
      cgroups.remove("doctor");
    } finally {
      claim.close();
    }
    if (Files.exists(HOLDER) && Files.readString(HOLDER).isEmpty()) {
      throw new Probe.Warning("groups can be made, but what holds them for systemd has ended");
    }
    return "cgroup " + cgroups.mode() + " groups can be made and limited";
  }

  private String filter() throws IOException {
    firewall.check();
    return "the platform's table is in place";
  }

  private String standing() throws IOException {
    List<Duties.Trouble> troubles = duties.troubles();
    if (!troubles.isEmpty()) {
      throw new IOException(
          troubles.stream()
              .map(each -> each.duty() + " failed " + each.failures() + " times: " + each.cause())
              .collect(Collectors.joining("; ")));
    }
    return "what is done again and again succeeds";
  }

  private static String proxies() throws Probe.Warning {
    List<String> withheld = HostTrust.withheld(System.getenv());
    if (!withheld.isEmpty()) {
      throw new Probe.Warning(
          "not passed to builds, as their values have a password: " + String.join(", ", withheld));
    }
    return "builds get the host's proxies, if it has any";
  }

  private static String appArmor() throws IOException {
    return AppArmor.profile()
        .map(profile -> "containers run with the profile " + profile)
        .orElse(
            AppArmor.present()
                ? "containers run without a profile; bin/install loads one"
                : "this host has none");
  }

  private static String forwarding() throws IOException {
    if (Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip().equals("1")) {
      return "this host passes packets on";
    }
    throw new IOException("this host passes no packets on");
  }
}
