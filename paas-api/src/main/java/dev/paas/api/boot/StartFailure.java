package dev.paas.api.boot;

import dev.paas.api.reconcile.Outage;
import dev.paas.api.store.Database;
import dev.paas.api.store.Database.Trouble;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.Causes;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.QuarkusBindException;
import java.net.BindException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * Why paasd did not start, when that is something the operator can fix; anything else is a bug.
 *
 * @param lasting whether the next start would fail for the same reason
 */
record StartFailure(Problem problem, boolean lasting) {

  /** What Flyway says of a migration in the database that this program does not have. */
  private static final String FUTURE = "applied migration not resolved locally";

  /** Looks for it among everything that led to {@code failed}. */
  static Optional<StartFailure> of(Throwable failed, PlatformSettings settings, Database database) {
    List<Throwable> reasons = Causes.of(failed);
    return reasons.stream()
        .map(reason -> known(reason, settings))
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> ofStorage(failed, reasons, settings, database));
  }

  private static Optional<StartFailure> known(Throwable reason, PlatformSettings settings) {
    String said = String.valueOf(reason.getMessage());
    if (reason instanceof PaasException refused) {
      return Optional.of(new StartFailure(refused.problem(), !Outage.is(refused.problem())));
    }
    if (reason instanceof FlywayValidateException && said.contains(FUTURE)) {
      return Optional.of(new StartFailure(newer(said), true));
    }
    if (reason instanceof QuarkusBindException || reason instanceof BindException) {
      return Optional.of(new StartFailure(taken(settings), false));
    }
    return Optional.empty();
  }

  /**
   * Asks for the most telling reason first: a database that is in use or has no room can't be read
   * or written either.
   */
  private static Optional<StartFailure> ofStorage(
      Throwable failed, List<Throwable> reasons, PlatformSettings settings, Database database) {
    Map<Trouble, Throwable> troubles = new EnumMap<>(Trouble.class);
    reasons.forEach(reason -> troubles.putIfAbsent(database.trouble(reason), reason));
    if (troubles.containsKey(Trouble.TAKEN)) {
      return Optional.of(new StartFailure(locked(settings), false));
    }
    if (troubles.containsKey(Trouble.FULL)) {
      return Optional.of(new StartFailure(Database.full(), false));
    }
    if (DiskSpace.isFull(failed)) {
      return Optional.of(new StartFailure(DiskSpace.full("at the start"), false));
    }
    return Optional.ofNullable(troubles.get(Trouble.AWAY))
        .map(reason -> new StartFailure(away(reason, settings), false));
  }

  private static Problem locked(PlatformSettings settings) {
    return Problem.of(
        Kind.INVALID,
        "store.locked",
        "Another process has the database open",
        settings.platform().data().resolve("db").toString(),
        "Stop the other paasd, or give this one a platform.data of its own.");
  }

  private static Problem away(Throwable reason, PlatformSettings settings) {
    return Problem.of(
        Kind.UNAVAILABLE,
        "store.unavailable",
        "The database can't be opened",
        String.valueOf(reason.getMessage()).lines().findFirst().orElse(""),
        "Check that paasd can read and write "
            + settings.platform().data().resolve("db")
            + " and that the disk works; if a file there is damaged, restore the last backup.");
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
