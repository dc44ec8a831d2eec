package dev.paas.runtime.doctor;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.Finding;
import dev.paas.runtime.cgroup.GroupLimits;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.HostTrust;
import dev.paas.runtime.container.Launchpad;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.instance.Supervisor;
import dev.paas.runtime.oci.AppArmor;
import dev.paas.runtime.sandbox.Sandbox;
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

  private final Launchpad pad;
  private final Sandbox sandbox;
  private final PlatformSettings settings;
  private final OrphanProbe orphans;

  /** Also removes what an examination left that was killed. */
  public Doctor(
      Launchpad pad,
      Sandbox sandbox,
      PlatformSettings settings,
      Supervisor instances,
      ImageStore images)
      throws IOException {
    MountProbe.clear(settings);
    this.pad = pad;
    this.sandbox = sandbox;
    this.settings = settings;
    this.orphans = new OrphanProbe(instances, images);
  }

  /** One finding for each probe, good or bad; one caller after the other, as they try things. */
  public synchronized List<Finding> examine() {
    List<Finding> findings = new ArrayList<>(new HostProbes(settings).examine());
    List.of(
            new Probe(
                "cgroup",
                this::cgroups,
                "Mount the cpu, memory and pids controllers; under systemd:"
                    + " systemctl restart paas-instances, or reboot when it can't (instances run on)."),
            new Probe(
                "container",
                () -> new ContainerProbe(pad, sandbox).run(),
                "Mend what the other probes found; else the value says what the OCI runtime missed."),
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
        new Probe("duties", this::duties, "Read the log of paas-runtimed, which has the cause.")
            .examine());
    findings.addAll(orphans.examine());
    return findings;
  }

  private String cgroups() throws IOException, Probe.Doubt {
    Claims.Claim claim = pad.claims().hold("doctor");
    try {
      pad.cgroups().create("doctor", new GroupLimits(64 << 20, 100, 10));
      pad.cgroups().remove("doctor");
    } finally {
      claim.close();
    }
    if (Files.exists(HOLDER) && Files.readString(HOLDER).isEmpty()) {
      throw new Probe.Doubt("groups can be made, but what holds them for systemd has ended");
    }
    return "cgroup " + pad.cgroups().mode() + " groups can be made and limited";
  }

  private String filter() throws IOException {
    pad.firewall().check();
    return "the platform's table is in place";
  }

  private String duties() throws IOException {
    List<Duties.Trouble> troubles = pad.duties().troubles();
    if (!troubles.isEmpty()) {
      throw new IOException(
          troubles.stream()
              .map(each -> each.duty() + " failed " + each.failures() + " times: " + each.cause())
              .collect(Collectors.joining("; ")));
    }
    return "what is done again and again succeeds";
  }

  private static String proxies() throws Probe.Doubt {
    List<String> withheld = HostTrust.withheld(System.getenv());
    if (!withheld.isEmpty()) {
      throw new Probe.Doubt(
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
