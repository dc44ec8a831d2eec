package dev.paas.api.boot;

import dev.paas.api.store.Database;
import dev.paas.api.store.Database.Trouble;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.QuarkusBindException;
import java.net.BindException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * Why paasd did not start, where the operator can fix it; anything else is a bug.
 *
 * @param lasting whether another start meets the same
 */
record StartFailure(Problem problem, boolean lasting) {

  /** What Flyway says of a migration in the database that this program does not have. */
  private static final String FUTURE = "applied migration not resolved locally";

  /** Looks through everything that hangs on {@code failed}. */
  static Optional<StartFailure> of(Throwable failed, PlatformSettings settings, Database database) {
    Set<Throwable> reasons = Collections.newSetFromMap(new IdentityHashMap<>());
    collect(failed, reasons);
    return reasons.stream()
        .map(reason -> known(reason, settings, database))
        .flatMap(Optional::stream)
        .findFirst()
        .or(
            () ->
                DiskSpace.isFull(failed)
                    ? Optional.of(new StartFailure(DiskSpace.full("at the start"), false))
                    : Optional.empty());
  }

  private static void collect(Throwable reason, Set<Throwable> into) {
    if (into.add(reason)) {
      if (reason.getCause() != null) {
        collect(reason.getCause(), into);
      }
      for (Throwable suppressed : reason.getSuppressed()) {
        collect(suppressed, into);
      }
    }
  }

  private static Optional<StartFailure> known(
      Throwable reason, PlatformSettings settings, Database database) {
    String said = String.valueOf(reason.getMessage());
    if (reason instanceof PaasException refused) {
      return Optional.of(new StartFailure(refused.problem(), true));
    }
    if (database.trouble(reason) == Trouble.TAKEN) {
      return Optional.of(new StartFailure(locked(settings), false));
    }
    if (reason instanceof FlywayValidateException && said.contains(FUTURE)) {
      return Optional.of(new StartFailure(newer(said), true));
    }
    if (reason instanceof QuarkusBindException || reason instanceof BindException) {
      return Optional.of(new StartFailure(taken(settings), false));
    }
    return Optional.empty();
  }

  private static Problem locked(PlatformSettings settings) {
    return Problem.of(
        Kind.INVALID,
        "store.locked",
        "Another process has the database open",
        settings.platform().data().resolve("db").toString(),
        "Stop the other paasd, or give this one a platform.data of its own.");
  }

  private static Problem newer(String said) {
    return Problem.of(
        Kind.INVALID,
        "store.newer-schema",
        "The database was written by a newer paasd",
        said.lines().filter(line -> line.contains(FUTURE)).findFirst().orElse(""),
        "Install that version again, or restore the backup that was made before it.");
  }

  private static Problem taken(PlatformSettings settings) {
    return Problem.of(
        Kind.INVALID,
        "settings.port-taken",
        "Another process listens on a port of this one",
        "api.listen " + settings.api().listen() + ", ssh.listen " + settings.ssh().listen(),
        "Stop the other process (ss -ltnp names it), or set another port.");
  }
}
