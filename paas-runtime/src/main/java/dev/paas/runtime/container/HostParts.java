package dev.paas.runtime.container;

import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.network.HostNetwork;
import dev.paas.runtime.oci.OciRuntime;
import dev.paas.runtime.rootfs.RootFilesystems;

/** What containers are made of on this host; see {@link ContainerParts} for who may hold it. */
public record HostParts(
    ContainerFolders folders,
    Cgroups cgroups,
    OciRuntime runtime,
    RootFilesystems roots,
    DiskWatch disk,
    HostNetwork network)
    implements AutoCloseable {

  @Override
  public void close() {
    disk.close();
    roots.close();
    network.close();
  }
}
