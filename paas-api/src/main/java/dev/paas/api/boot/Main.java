package dev.paas.api.boot;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts paasd: settings first, so that a mistake in them is said before anything is opened. */
@QuarkusMain
public final class Main {

  /** EX_CONFIG of sysexits.h: a supervisor need not try again. */
  private static final int BAD_SETTINGS = 78;

  private Main() {}

  public static void main(String... args) {
    try {
      Bootstrap.properties(PlatformSettings.load()).forEach(System::setProperty);
    } catch (PaasException refused) {
      System.err.println("error: " + String.join("\n", refused.problem().lines()));
      System.err.println("fix: " + refused.problem().fix());
      System.exit(BAD_SETTINGS);
    }
    Quarkus.run(args);
  }
}
