package dev.paas.runtime.network;

import dev.paas.base.settings.PlatformSettings;
import java.io.IOException;

/** The parts of a platform's network on this host. */
public record HostNetwork(AddressRange range, Firewall firewall, InstanceLinks links)
    implements AutoCloseable {

  /** Touches nothing on the host. */
  public static HostNetwork open(PlatformSettings settings) throws IOException {
    String platform = settings.platform().id();
    Firewall firewall = Firewall.of(platform, settings.runtime().connections());
    AddressRange range = AddressRange.parse(settings.runtime().network());
    return new HostNetwork(range, firewall, new InstanceLinks(platform, range, firewall));
  }

  @Override
  public void close() {
    firewall.close();
  }
}
