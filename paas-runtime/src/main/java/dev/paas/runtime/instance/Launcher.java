package dev.paas.runtime.instance;

import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.container.Beginning;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.container.ContainerLimits;
import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.container.PlatformFiles;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.network.InstanceLinks;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.rootfs.Accounts;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes an instance from its spec to a running process, and away again. The process's parent is a
 * {@link Monitor}, which outlives this daemon.
 */
final class Launcher {

  private final ContainerHost host;
  private final PlatformFiles files;
  private final Monitor monitor;
  private final InstanceLinks links;
  private final ContainerLimits limits;
  private final Function<String, StoredImage> images;

  /**
   * @param images finds an image by its digest
   */
  Launcher(
      ContainerHost host,
      PlatformFiles files,
      Monitor monitor,
      InstanceLinks links,
      ContainerLimits limits,
      Function<String, StoredImage> images) {
    this.host = host;
    this.files = files;
    this.monitor = monitor;
    this.links = links;
    this.limits = limits;
    this.images = images;
  }

  /** What is done with a process that waits before its first instruction. */
  interface Created {
    void process(ProcessIdentity process) throws IOException;
  }

  /**
   * Starts an instance from nothing; whatever was left of an earlier start is cleared first.
   *
   * @param log the file that output is appended to
   * @param created is told the process before it begins, so that no crash loses one that runs
   */
  void launch(
      InstanceName name, InstanceSpec spec, UidRange ids, int place, Path log, Created created)
      throws IOException {
    String container = name.toString();
    clear(container, place);
    StoredImage image = images.apply(spec.getImage());
    try {
      RootFilesystem root = host.mount(container, image.layerDirectories(), ids);
      Limits allowed = limits.complete(spec.getLimits());
      Path bundle = host.prepare(container, ContainerLimits.group(allowed));
      host.configure(bundle, content(name, spec, image.config(), root, place));
      watchDisk(container);
      ProcessIdentity process = monitor.create(container, bundle, log);
      links.attach(place, process.pid());
      created.process(process);
      host.start(container);
      Beginning.await(process, () -> false);
    } catch (IOException | RuntimeException failed) {
      try {
        clear(container, place);
      } catch (IOException left) {
        failed.addSuppressed(left);
      }
      throw failed;
    }
  }

  /** From now on the instance ends when it writes more to the disk than it may. */
  void watchDisk(String container) {
    host.watch(container, limits.instanceDisk());
  }

  /** Frees everything of an instance on this host except its log and its place. */
  void clear(String container, int place) throws IOException {
    links.detach(place);
    host.clearAll(container);
  }

  /** Begins a process that a killed daemon created and left waiting; others are left alone. */
  void begin(String container) throws IOException {
    host.startIfWaiting(container);
  }

  private Bundle content(
      InstanceName name, InstanceSpec spec, ImageConfig config, RootFilesystem root, int place)
      throws IOException {
    Accounts account = Accounts.in(root.path(), config.getUser());
    String address = links.link(place).address().getHostAddress();
    String folder = config.getWorkingDir().isEmpty() ? "/" : config.getWorkingDir();
    return new Bundle(
        root,
        files.underInit(
            Signals.stop(config.getStopSignal()), ProgramSpec.argv(spec.getArgvList(), config)),
        ProgramSpec.environment(name, spec, config, account),
        ProgramSpec.folder(folder),
        account,
        Bundle.INSTANCE_CAPABILITIES,
        name.hostname(),
        files.binds(name.toString(), name.hostname(), address),
        limits.instanceDisk().bytes(),
        List.of(new Bundle.Memory("/tmp", limits.tmpBytes())),
        limits.shmBytes(),
        Optional.empty(),
        Optional.empty());
  }
}
