package dev.paas.router.proxy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.harness.TestRouter;

/** What can't be smuggled in plain bytes can't be smuggled in records of TLS. */
final class FramingOverTlsIT extends FramingIT {

  @Override
  PlatformSettings.Router settings() {
    return TestRouter.SECURE;
  }
}
