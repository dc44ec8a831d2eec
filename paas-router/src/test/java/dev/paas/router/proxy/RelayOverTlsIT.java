package dev.paas.router.proxy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.harness.TestRouter;

/** The same by TLS. */
final class RelayOverTlsIT extends RelayIT {

  @Override
  PlatformSettings.Router settings() {
    return TestRouter.SECURE;
  }

  @Override
  String scheme() {
    return "https";
  }

  /** The library ends both directions when a client has ended its own, as TLS 1.2 demands. */
  @Override
  String lastWords() {
    return "";
  }
}
