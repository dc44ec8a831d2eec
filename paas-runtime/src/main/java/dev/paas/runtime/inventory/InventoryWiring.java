package dev.paas.runtime.inventory;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.HostParts;
import java.io.IOException;

/** Puts an {@link Inventory} together. */
public final class InventoryWiring {

  private InventoryWiring() {}

  public static Inventory inventory(ContainerParts parts, PlatformSettings settings)
      throws IOException {
    HostParts tools = parts.tools();
    InstanceRecords records = new InstanceRecords(tools.folders().run());
    ContainerTraces traces =
        new ContainerTraces(
            parts.host(),
            tools.folders(),
            tools.cgroups(),
            tools.roots(),
            records,
            new HostProcesses(settings, tools.folders().exits()));
    Orphans orphans =
        new Orphans(
            traces, parts.claims(), tools.network().links(), tools.cgroups(), parts.files());
    return new Inventory(records, traces, orphans);
  }
}
