package dev.paas.runtime.sandbox;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.HostParts;
import dev.paas.runtime.container.HostTrust;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** Puts a {@link Sandbox} together. */
public final class SandboxWiring {

  private SandboxWiring() {}

  public static Sandbox sandbox(ContainerParts parts, PlatformSettings settings, Clock clock)
      throws IOException {
    HostParts tools = parts.tools();
    Optional<HostTrust> trust =
        settings.runtime().trustHostCertificates()
            ? Optional.of(new HostTrust(tools.folders().run()))
            : Optional.empty();
    SandboxContents contents =
        new SandboxContents(
            tools.folders(), parts.files(), tools.network().links(), parts.limits(), trust);
    return new Sandbox(parts.host(), tools.runtime(), tools.network().links(), contents, clock);
  }
}
