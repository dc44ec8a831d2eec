package dev.paas.api.store;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a full disk and a broken database from a bug. */
@ApplicationScoped
class StoreFailures {

  private static final Logger LOG = LoggerFactory.getLogger(StoreFailures.class);

  /**
   * H2's codes for input/output trouble and for a store that closed itself after it: 90028 and
   * 90031 IO_EXCEPTION, 90098 DATABASE_IS_CLOSED, 90121 DATABASE_CALLED_AT_SHUTDOWN, 90030
   * FILE_CORRUPTED.
   */
  private static final Set<Integer> BROKEN = Set.of(90028, 90030, 90031, 90098, 90121);

  /** A problem when the storage failed, else the exception itself. */
  RuntimeException explain(RuntimeException failed) {
    if (failed instanceof PaasException) {
      return failed;
    }
    for (Throwable cause = failed; cause != null; cause = next(cause)) {
      if (cause instanceof PaasException problem) {
        return problem;
      }
      if (cause instanceof IOException && isFull(cause.getMessage())) {
        LOG.atError().setCause(failed).log("no room for the database");
        return Problem.of(
                "store.full",
                "The disk of the control plane is full, nothing was changed",
                "Free some room on the file system of the data folder and try again.")
            .asException(failed);
      }
      if (cause instanceof SQLException sql && BROKEN.contains(sql.getErrorCode())) {
        LOG.atError().setCause(failed).log("the database failed");
        return Problem.of(
                "store.unavailable",
                "The database of the control plane can't be read or written",
                "Look into the log of paasd and check the disk, then try again.")
            .asException(failed);
      }
    }
    return failed;
  }

  private static boolean isFull(@Nullable String message) {
    return message != null
        && (message.contains("No space left") || message.contains("quota exceeded"));
  }

  private static @Nullable Throwable next(Throwable cause) {
    return cause.getCause() == cause ? null : cause.getCause();
  }
}
