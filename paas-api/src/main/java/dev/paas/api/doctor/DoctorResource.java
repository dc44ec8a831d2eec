package dev.paas.api.doctor;

import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.route.Routes;
import dev.paas.api.runtime.HostProbes;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the platform finds about itself: the runtime's probes of the host, then the rest. */
@Path("/v1/doctor")
public final class DoctorResource {

  /** Free space on the data folder's file system below which pushes are at risk, in bytes. */
  private static final long LOW_SPACE = 2L << 30;

  private final PlatformSettings settings;
  private final HostProbes probes;
  private final Routes routes;
  private final OrphanFindings orphans;
  private final CertificateFindings certificates;
  private final Instance<Duties> duties;

  /** One probe's result. */
  public record Finding(String probe, String level, String found, String fix) {}

  /** All of them. */
  public record Findings(boolean ok, List<Finding> findings) {}

  DoctorResource(
      PlatformSettings settings,
      HostProbes probes,
      Routes routes,
      OrphanFindings orphans,
      CertificateFindings certificates,
      @Any Instance<Duties> duties) {
    this.settings = settings;
    this.probes = probes;
    this.routes = routes;
    this.orphans = orphans;
    this.certificates = certificates;
    this.duties = duties;
  }

  @GET
  @Needs(Permission.EXAMINE_PLATFORM)
  public Findings examine() {
    List<Finding> findings = new ArrayList<>(runtime());
    findings.add(router());
    findings.addAll(orphans.examine());
    findings.add(disk());
    findings.addAll(certificates.examine());
    findings.addAll(duties());
    boolean ok = findings.stream().noneMatch(finding -> finding.level().equals("error"));
    return new Findings(ok, findings);
  }

  private List<Finding> runtime() {
    try {
      return probes.run().stream()
          .map(
              finding ->
                  new Finding(
                      finding.probe(),
                      finding.level().name().toLowerCase(Locale.ROOT),
                      finding.found(),
                      finding.fix()))
          .toList();
    } catch (PaasException away) {
      return List.of(
          new Finding("runtime.reachable", "error", away.problem().what(), away.problem().fix()));
    }
  }

  private Finding router() {
    return routes
        .trouble()
        .map(
            trouble ->
                new Finding(
                    "router.reachable",
                    "error",
                    "There is trouble with " + trouble,
                    "Start paas-routerd and read its log."))
        .orElseGet(() -> ok("router.reachable", "answers on its socket"));
  }

  /** What fails again and again; who waits for it learns its reason here. */
  private List<Finding> duties() {
    List<Finding> failing =
        duties.stream()
            .flatMap(queue -> queue.troubles().stream())
            .map(
                trouble ->
                    new Finding(
                        "work." + trouble.queue(),
                        "error",
                        trouble.key()
                            + " has failed "
                            + trouble.failures()
                            + " times in a row: "
                            + Problem.printable(trouble.cause()),
                        "Read the log of paasd; it is tried again at least every 30 s."))
            .toList();
    return failing.isEmpty() ? List.of(ok("work", "nothing fails again and again")) : failing;
  }

  private Finding disk() {
    try {
      FileStore store = Files.getFileStore(settings.platform().data());
      long free = store.getUsableSpace();
      String found = (free >> 20) + " MiB free for " + settings.platform().data();
      return free < LOW_SPACE
          ? new Finding("disk.space", "warning", found, "Remove old files or enlarge the disk.")
          : ok("disk.space", found);
    } catch (IOException unreadable) {
      return new Finding(
          "disk.space", "error", String.valueOf(unreadable.getMessage()), "Check the disk.");
    }
  }

  private static Finding ok(String probe, String found) {
    return new Finding(probe, "ok", found, "");
  }
}
