package dev.paas.runtime.inventory;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.container.HostParts;
import java.io.IOException;

/** What is known of this host: what was recorded, what there is, and what is left over. */
public record Inventory(InstanceRecords records, ContainerTraces traces, Orphans orphans) {

  public static Inventory of(ContainerParts parts, PlatformSettings settings) throws IOException {
    HostParts on = parts.on();
    InstanceRecords records = new InstanceRecords(on.folders().run());
    ContainerTraces traces =
        new ContainerTraces(
            parts.host(),
            on.folders(),
            on.cgroups(),
            on.roots(),
            records,
            new HostProcesses(settings, on.folders().exits()));
    Orphans orphans =
        new Orphans(traces, parts.claims(), on.network().links(), on.cgroups(), parts.files());
    return new Inventory(records, traces, orphans);
  }
}
