package dev.paas.runtime.boot;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.Finding;
import dev.paas.runtime.doctor.HostProbes;
import java.io.PrintStream;
import java.util.Locale;

/** {@code paas-runtimed --probe}: whether this host can run a platform, before one runs. */
final class Examination {

  private Examination() {}

  /** Prints what {@code paas doctor} would; false when something is to be fixed first. */
  static boolean of(PlatformSettings settings, PrintStream out) {
    boolean able = true;
    for (Finding finding : new HostProbes(settings).examine()) {
      String level = finding.getLevel().name().toLowerCase(Locale.ROOT);
      out.printf("%-9s%s: %s%n", level, finding.getProbe(), finding.getFound());
      if (finding.getLevel() != Finding.Level.OK) {
        out.println("         fix: " + finding.getFix());
      }
      able &= finding.getLevel() != Finding.Level.ERROR;
    }
    return able;
  }
}
