package dev.paas.runtime.boot;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.instance.Launchpad;
import java.io.IOException;

/** Ends every instance of a platform and removes all that it has on this host, except its data. */
final class Removal {

  private Removal() {}

  static void of(PlatformSettings settings) throws IOException {
    try (Launchpad pad = Launchpad.open(settings)) {
      pad.removeEverything();
    }
  }
}
