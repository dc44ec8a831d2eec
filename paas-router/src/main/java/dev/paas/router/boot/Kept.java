package dev.paas.router.boot;

import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.RouteTable;
import dev.paas.router.control.Updates;
import dev.paas.router.disk.KeptMessage;
import dev.paas.router.drain.DrainTracker;
import dev.paas.router.table.LiveTable;
import dev.paas.router.table.Routes;
import dev.paas.router.table.TableRules;
import dev.paas.router.tls.CertificateSet;
import dev.paas.router.tls.LiveCertificates;
import dev.paas.router.tls.TicketKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** What the router has from the control plane, live and in its folder. */
record Kept(
    LiveTable table,
    KeptMessage<RouteTable> tableFile,
    LiveCertificates certificates,
    KeptMessage<Certificates> certificatesFile) {

  /** What the router before left there is live when this returns. */
  static Kept read(Path folder) throws IOException {
    Clock clock = Clock.systemUTC();
    Kept kept =
        new Kept(
            new LiveTable(),
            tableFile(folder.resolve("table")),
            new LiveCertificates(new TicketKeys(folder.resolve("ticket-keys"), clock), clock),
            new KeptMessage<>(
                folder.resolve("certificates"),
                "paas-certificates 1",
                Certificates.parser(),
                CertificateSet::check));
    kept.tableFile.read().ifPresent(table -> kept.table.replace(Routes.of(table, Routes.NONE)));
    kept.certificatesFile
        .read()
        .ifPresent(sent -> kept.certificates.replace(CertificateSet.of(sent, CertificateSet.NONE)));
    return kept;
  }

  /** The last good table. */
  static KeptMessage<RouteTable> tableFile(Path path) {
    return new KeptMessage<>(path, "paas-route-table 1", RouteTable.parser(), TableRules::check);
  }

  Updates updates(DrainTracker drains, String version) {
    return new Updates(table, tableFile, certificates, certificatesFile, drains, version);
  }
}
