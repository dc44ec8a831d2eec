package dev.paas.router.control;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.Draining;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Refused;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.RouterStatus;
import dev.paas.router.balance.Upstream;
import dev.paas.router.disk.KeptMessage;
import dev.paas.router.drain.DrainTracker;
import dev.paas.router.table.LiveTable;
import dev.paas.router.table.Routes;
import dev.paas.router.table.TableRules;
import dev.paas.router.tls.CertificateSet;
import dev.paas.router.tls.LiveCertificates;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the control plane sends over in three steps: check it, keep it on disk, serve it. A
 * crash after any of them leaves what was before or what came, and it is only acknowledged when it
 * is both kept and served. Callers serialise the two {@code apply}.
 */
public final class Updates {

  private static final Logger log = LoggerFactory.getLogger(Updates.class);

  private final LiveTable live;
  private final KeptMessage<RouteTable> tableFile;
  private final LiveCertificates certificates;
  private final KeptMessage<Certificates> certificatesFile;
  private final DrainTracker drains;
  private final String version;

  public Updates(
      LiveTable live,
      KeptMessage<RouteTable> tableFile,
      LiveCertificates certificates,
      KeptMessage<Certificates> certificatesFile,
      DrainTracker drains,
      String version) {
    this.live = live;
    this.tableFile = tableFile;
    this.certificates = certificates;
    this.certificatesFile = certificatesFile;
    this.drains = drains;
    this.version = version;
  }

  /** Applies the table, unless it is not newer than the one that is served; says what holds now. */
  FromRouter apply(RouteTable table) {
    Routes before = live.routes();
    if (Long.compareUnsigned(table.getGeneration(), before.generation()) <= 0) {
      return status();
    }
    try {
      TableRules.check(table);
      tableFile.write(table);
    } catch (PaasException invalid) {
      return refused(table.getGeneration(), invalid.problem());
    } catch (IOException unkept) {
      return notKept(table.getGeneration(), unkept);
    }
    live.replace(Routes.of(table, before));
    log.atInfo()
        .addKeyValue("generation", table.getGeneration())
        .addKeyValue("routes", table.getRoutesCount())
        .log("route table applied");
    return status();
  }

  /** Shows the certificates, unless they are not newer than those that are shown. */
  FromRouter apply(Certificates sent) {
    CertificateSet before = certificates.certificates();
    if (Long.compareUnsigned(sent.getVersion(), before.version()) <= 0) {
      return status();
    }
    try {
      CertificateSet.check(sent);
      certificatesFile.write(sent);
    } catch (PaasException invalid) {
      return refused(0, invalid.problem());
    } catch (IOException unkept) {
      return notKept(0, unkept);
    }
    CertificateSet after = CertificateSet.of(sent, before);
    certificates.replace(after);
    log.atInfo()
        .addKeyValue("version", after.version())
        .addKeyValue("certificates", after.size())
        .log("certificates applied");
    return status();
  }

  /** What is served and what still drains. */
  FromRouter status() {
    Map<String, Integer> inFlight = new TreeMap<>();
    for (Upstream upstream : drains.draining()) {
      inFlight.merge(upstream.id(), upstream.inFlight(), Integer::sum);
    }
    RouterStatus.Builder status =
        RouterStatus.newBuilder()
            .setGeneration(live.routes().generation())
            .setVersion(version)
            .setCertificates(certificates.certificates().version())
            .addAllUnusable(certificates.certificates().unusable());
    inFlight.forEach(
        (instance, count) ->
            status.addDraining(Draining.newBuilder().setInstance(instance).setInFlight(count)));
    return FromRouter.newBuilder().setStatus(status).build();
  }

  private static FromRouter refused(long generation, Problem problem) {
    return refused(generation, problem.code(), problem.what() + ": " + problem.value());
  }

  private static FromRouter notKept(long generation, IOException cause) {
    return refused(generation, "router.table-not-kept", "It can't be kept on disk: " + cause);
  }

  private static FromRouter refused(long generation, String code, String what) {
    log.atError()
        .addKeyValue("generation", generation)
        .addKeyValue("code", code)
        .addKeyValue("what", what)
        .log("what the control plane sent was refused");
    return FromRouter.newBuilder()
        .setRefused(Refused.newBuilder().setGeneration(generation).setCode(code).setWhat(what))
        .build();
  }
}
