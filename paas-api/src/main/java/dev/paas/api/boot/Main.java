package dev.paas.api.boot;

import dev.paas.api.store.Database;
import dev.paas.api.store.H2Database;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Starts paasd: settings first, so that a mistake in them is said before anything is opened. What
 * keeps it from starting is said as a problem where the operator can fix it.
 */
@QuarkusMain
public final class Main {

  /** EX_CONFIG of sysexits.h: a supervisor need not try again. */
  private static final int BAD_SETTINGS = 78;

  /** EX_TEMPFAIL of sysexits.h: another try may succeed. */
  private static final int NOT_NOW = 75;

  private Main() {}

  public static void main(String... args) {
    try {
      PlatformSettings settings = PlatformSettings.load();
      Database database = new H2Database(settings.platform());
      Bootstrap.properties(settings, database, Bootstrap.openFiles()).forEach(System::setProperty);
      Quarkus.run(null, (code, failed) -> end(code, failed, settings, database), args);
    } catch (PaasException refused) {
      say(refused.problem());
      System.exit(BAD_SETTINGS);
    }
  }

  private static void end(
      int code, @Nullable Throwable failed, PlatformSettings settings, Database database) {
    if (failed == null) {
      System.exit(code);
      return;
    }
    Optional<StartFailure> known = StartFailure.of(failed, settings, database);
    if (known.isPresent()) {
      say(known.get().problem());
      System.exit(known.get().lasting() ? BAD_SETTINGS : NOT_NOW);
    }
    LoggerFactory.getLogger(Main.class).error("paasd did not start", failed);
    System.exit(code);
  }

  private static void say(Problem problem) {
    System.err.println(
        "error: " + String.join("\n", problem.lines()) + " (" + problem.code() + ")");
    System.err.println("fix: " + problem.fix());
  }
}
