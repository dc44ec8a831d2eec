package dev.paas.runtime.container;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.linux.mount.Mounts;
import dev.paas.runtime.network.AddressRange;
import dev.paas.runtime.network.Firewall;
import dev.paas.runtime.network.InstanceLinks;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Ends everything that a platform has on this host: processes, groups, links, packet filter,
 * mounts. Data stays. It needs no program that an instance needs: a host that has lost its OCI
 * runtime can be cleared, too. What the runtime notes of its containers lies in the platform's
 * folder on tmpfs and goes with it.
 */
public final class Removal {

  private Removal() {}

  /** Absent things are a success: a removal that was cut off is done again. */
  public static void of(PlatformSettings settings) throws IOException {
    String platform = settings.platform().id();
    Cgroups cgroups = Cgroups.of(platform);
    for (String name : cgroups.names()) {
      cgroups.kill(name);
    }
    try (Firewall firewall = Firewall.of(platform, settings.runtime().connections())) {
      AddressRange range = AddressRange.parse(settings.runtime().network());
      InstanceLinks links = new InstanceLinks(platform, range, firewall);
      for (String link : links.names()) {
        links.delete(link);
      }
      links.releaseRange();
      firewall.uninstall();
    }
    for (String name : cgroups.names()) {
      cgroups.removeWhenEmpty(name);
    }
    cgroups.removeAll();
    Path run = ContainerFolders.run(settings);
    for (Path mounted : Mounts.below(run)) {
      if (!mounted.equals(run)) {
        Mounts.unmount(mounted);
      }
    }
  }
}
