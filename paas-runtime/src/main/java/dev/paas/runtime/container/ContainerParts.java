package dev.paas.runtime.container;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.network.HostNetwork;
import dev.paas.runtime.oci.HostPrograms;
import dev.paas.runtime.oci.OciRuntime;
import dev.paas.runtime.oci.ResourceLimits;
import dev.paas.runtime.rootfs.RootFilesystems;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What all containers of a platform share on this host, made once when the daemon starts. Only
 * whoever puts the daemon together sees it; a class gets those parts that it needs.
 */
public record ContainerParts(
    HostParts tools,
    ContainerHost host,
    PlatformFiles files,
    ContainerLimits limits,
    Claims claims,
    Duties duties)
    implements AutoCloseable {

  /** Finds this host's tools and makes the folders; touches nothing that runs. */
  public static ContainerParts open(PlatformSettings settings) throws IOException {
    return open(settings, HostPrograms.ociRuntime());
  }

  /**
   * The same.
   *
   * @param ociRuntime its program
   */
  public static ContainerParts open(PlatformSettings settings, Path ociRuntime) throws IOException {
    ContainerFolders folders = ContainerFolders.open(settings);
    Cgroups cgroups = Cgroups.of(settings.platform().id());
    OciRuntime runtime =
        OciRuntime.of(
            ociRuntime,
            folders.run(),
            cgroups,
            ResourceLimits.ofThisHost(settings.runtime().ptys()));
    RootFilesystems roots = new RootFilesystems(folders.run(), ContainerFolders.data(settings));
    Duties duties = new Duties();
    DiskWatch disk = new DiskWatch(settings.platform().data(), cgroups, duties, Ticker.system());
    HostNetwork network = HostNetwork.open(settings);
    Claims claims = new Claims();
    return new ContainerParts(
        new HostParts(folders, cgroups, runtime, roots, disk, network),
        new ContainerHost(folders, roots, cgroups, runtime, disk, claims),
        new PlatformFiles(
            folders.etc(), HostPrograms.init(), network.range(), settings.deploy().stopGrace()),
        new ContainerLimits(settings),
        claims,
        duties);
  }

  @Override
  public void close() {
    tools.close();
  }
}
