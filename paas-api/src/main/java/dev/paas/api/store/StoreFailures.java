package dev.paas.api.store;

import dev.paas.api.store.Database.Trouble;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.Causes;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells failures of the disk and of the database from bugs. */
@ApplicationScoped
class StoreFailures {

  private static final Logger LOG = LoggerFactory.getLogger(StoreFailures.class);

  private final Database database;

  StoreFailures(Database database) {
    this.database = database;
  }

  /** The problem to answer with when the storage failed, else the exception itself. */
  RuntimeException explain(RuntimeException failed) {
    List<Throwable> reasons = Causes.of(failed);
    for (Throwable reason : reasons) {
      if (reason instanceof PaasException problem) {
        return problem;
      }
    }
    Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
    reasons.forEach(reason -> troubles.add(database.trouble(reason)));
    if (troubles.contains(Trouble.FULL) || DiskSpace.isFull(failed)) {
      LOG.atError().setCause(failed).log("no room for the database");
      return new StoreFailedException(Database.full(), failed);
    }
    if (troubles.contains(Trouble.AWAY)) {
      LOG.atError().setCause(failed).log("the database failed");
      return new StoreFailedException(
          Problem.of(
              Kind.UNAVAILABLE,
              "store.unavailable",
              "The database of the control plane can't be read or written",
              "Look into the log of paasd and check the disk, then try again."),
          failed);
    }
    return failed;
  }
}
