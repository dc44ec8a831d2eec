package dev.paas.router.control;

import dev.paas.base.problem.PaasException;
import dev.paas.contract.router.Draining;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Refused;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.RouterStatus;
import dev.paas.router.balance.Upstream;
import dev.paas.router.drain.DrainTracker;
import dev.paas.router.table.LiveTable;
import dev.paas.router.table.Routes;
import dev.paas.router.table.TableFile;
import dev.paas.router.table.TableRules;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a table over in three steps: check it, keep it on disk, serve it. A crash after any of them
 * leaves the table before or the new one, and a generation is only acknowledged when it is both
 * kept and served. Callers serialise {@link #apply}.
 */
public final class TableUpdates {

  private static final Logger log = LoggerFactory.getLogger(TableUpdates.class);

  private final LiveTable live;
  private final TableFile file;
  private final DrainTracker drains;
  private final String version;

  public TableUpdates(LiveTable live, TableFile file, DrainTracker drains, String version) {
    this.live = live;
    this.file = file;
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
      file.write(table);
    } catch (PaasException invalid) {
      return refused(table, invalid.problem().code(), String.valueOf(invalid.getMessage()));
    } catch (IOException unkept) {
      return refused(table, "router.table-not-kept", "The table can't be kept on disk: " + unkept);
    }
    live.replace(Routes.of(table, before));
    log.atInfo()
        .addKeyValue("generation", table.getGeneration())
        .addKeyValue("routes", table.getRoutesCount())
        .log("route table applied");
    return status();
  }

  /** What is served and what still drains. */
  FromRouter status() {
    Map<String, Integer> inFlight = new TreeMap<>();
    for (Upstream upstream : drains.draining()) {
      inFlight.merge(upstream.id(), upstream.inFlight(), Integer::sum);
    }
    RouterStatus.Builder status =
        RouterStatus.newBuilder().setGeneration(live.routes().generation()).setVersion(version);
    inFlight.forEach(
        (instance, count) ->
            status.addDraining(Draining.newBuilder().setInstance(instance).setInFlight(count)));
    return FromRouter.newBuilder().setStatus(status).build();
  }

  private static FromRouter refused(RouteTable table, String code, String what) {
    log.atError()
        .addKeyValue("generation", table.getGeneration())
        .addKeyValue("code", code)
        .addKeyValue("what", what)
        .log("route table refused");
    return FromRouter.newBuilder()
        .setRefused(
            Refused.newBuilder().setGeneration(table.getGeneration()).setCode(code).setWhat(what))
        .build();
  }
}
