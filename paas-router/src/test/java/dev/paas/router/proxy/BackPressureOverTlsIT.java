package dev.paas.router.proxy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.TlsClient;
import dev.paas.router.harness.Wire;
import java.io.IOException;

/** The same by TLS, where bytes are encrypted before they wait. */
final class BackPressureOverTlsIT extends BackPressureIT {

  @Override
  PlatformSettings.Router settings() {
    return TestRouter.SECURE;
  }

  @Override
  Wire slowClient(TestRouter of) throws IOException {
    return new Wire(new TlsClient().openWithSmallBuffer(of.secureAddress(), "app.test"));
  }
}
