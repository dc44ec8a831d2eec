package dev.paas.runtime.doctor;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.Finding;
import dev.paas.runtime.cgroup.GroupLimits;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.instance.Claims;
import dev.paas.runtime.instance.Instances;
import dev.paas.runtime.instance.Launchpad;
import dev.paas.runtime.instance.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Examines the host by doing. A probe that fails never stops the next one. */
public final class Doctor {

  /** Overlays of idmapped layers came with Linux 5.19. */
  private static final int MIN_MAJOR = 5;

  private static final int MIN_MINOR = 19;
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** Less free space than this fails builds, in bytes. */
  private static final long MIN_FREE = 2L << 30;

  private final Launchpad pad;
  private final Sandbox sandbox;
  private final PlatformSettings settings;
  private final OrphanProbe orphans;

  public Doctor(
      Launchpad pad,
      Sandbox sandbox,
      PlatformSettings settings,
      Instances instances,
      ImageStore images) {
    this.pad = pad;
    this.sandbox = sandbox;
    this.settings = settings;
    this.orphans = new OrphanProbe(instances, images);
  }

  private interface Probe {
    String found() throws Exception;
  }

  /** One finding for each probe, good or bad; one caller after the other, as they try things. */
  public synchronized List<Finding> examine() {
    List<Finding> findings = tryThings();
    findings.addAll(orphans.examine());
    return findings;
  }

  private List<Finding> tryThings() {
    List<Finding> findings = new ArrayList<>();
    probe(findings, "kernel", Doctor::kernel, "Use a kernel of 5.19 or later.");
    probe(
        findings,
        "cgroup",
        this::cgroups,
        "Mount the cpu, memory and pids controllers; under systemd run paas-instances.service.");
    probe(
        findings,
        "container",
        () -> new ContainerProbe(pad, sandbox).run(),
        "Install crun, conmon and tini; allow user namespaces (sysctl user.max_user_namespaces).");
    probe(findings, "conmon", Doctor::conmon, "Install the package conmon.");
    probe(
        findings,
        "nftables",
        () -> {
          pad.firewall().check();
          return "the platform's table is in place";
        },
        "It is put back within seconds; if it is not, install libnftables1 and restart paas-runtimed.");
    probe(
        findings,
        "forwarding",
        Doctor::forwarding,
        "Set net.ipv4.ip_forward to 1; something on this host turned it off.");
    probe(
        findings,
        "disk",
        this::disk,
        "Free space on the disk of platform.data: paas image rm, or a larger disk.");
    return findings;
  }

  private static void probe(List<Finding> findings, String name, Probe probe, String fix) {
    Finding.Builder finding = Finding.newBuilder().setProbe(name);
    try {
      findings.add(finding.setLevel(Finding.Level.OK).setFound(probe.found()).build());
    } catch (Exception failed) {
      // A finding, whatever it is.
      findings.add(
          finding
              .setLevel(Finding.Level.ERROR)
              .setFound(String.valueOf(failed.getMessage()))
              .setFix(fix)
              .build());
    }
  }

  private static String kernel() throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    Matcher version = VERSION.matcher(release);
    if (version.matches()) {
      int major = Integer.parseInt(version.group(1));
      int minor = Integer.parseInt(version.group(2));
      if (major > MIN_MAJOR || (major == MIN_MAJOR && minor >= MIN_MINOR)) {
        return "Linux " + release;
      }
    }
    throw new IOException("Linux " + release);
  }

  private String cgroups() throws IOException {
    Claims.Claim claim = pad.claims().hold("doctor");
    try {
      pad.cgroups().create("doctor", new GroupLimits(64 << 20, 100, 10));
      pad.cgroups().remove("doctor");
    } finally {
      claim.close();
    }
    return "cgroup " + pad.cgroups().mode() + " with memory, cpu and pids";
  }

  private static String conmon() throws IOException {
    if (Files.isExecutable(Path.of("/usr/bin/conmon"))) {
      return "/usr/bin/conmon";
    }
    throw new IOException("there is no /usr/bin/conmon");
  }

  private static String forwarding() throws IOException {
    if (Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip().equals("1")) {
      return "this host passes packets on";
    }
    throw new IOException("this host passes no packets on");
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
}
