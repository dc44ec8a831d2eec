package dev.paas.runtime.session.launch;

import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.runtime.container.Beginning;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.container.ContainerLimits;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.container.PlatformFiles;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.network.InstanceLinks;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.rootfs.Accounts;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Takes a run from its spec to a running process, and away again: a container as an instance has
 * one, with streams. Its program is executed once this daemon is connected to them.
 */
public final class RunLauncher implements Launcher {

  private final ContainerHost host;
  private final PlatformFiles files;
  private final Monitor monitor;
  private final InstanceLinks links;
  private final ContainerLimits limits;
  private final UidRanges ids;

  public RunLauncher(
      ContainerHost host,
      PlatformFiles files,
      Monitor monitor,
      InstanceLinks links,
      ContainerLimits limits,
      UidRanges ids) {
    this.host = host;
    this.files = files;
    this.monitor = monitor;
    this.links = links;
    this.limits = limits;
    this.ids = ids;
  }

  @Override
  public void launch(SessionEntry entry, StoredImage image, Created created) throws IOException {
    String container = entry.container();
    UidRange range = ids.of(InstanceIds.name(entry.instance()).app());
    host.clearAll(container);
    try {
      RootFilesystem root = host.mount(container, image.layerDirectories(), range);
      Limits allowed = limits.complete(entry.request().getRun().getLimits());
      Path bundle = host.prepare(container, ContainerLimits.group(allowed));
      host.configure(bundle, content(entry, image.config(), root));
      host.watch(container, limits.instanceDisk());
      Monitor.Streams wanted = new Monitor.Streams(entry.hasTerminal(), entry.request().getStdin());
      ProcessIdentity process = monitor.create(container, bundle, entry.output().file(), wanted);
      links.attach(entry.place().address(), process.pid());
      created.process(Optional.of(process), Streams.connect(monitor.socket(container)));
      host.start(container);
      Beginning.await(process, () -> monitor.hasExited(container));
    } catch (IOException | RuntimeException | Error failed) {
      try {
        clear(entry);
      } catch (IOException left) {
        failed.addSuppressed(left);
      }
      throw failed;
    }
  }

  @Override
  public Exit exit(SessionEntry entry, long now) throws IOException {
    OptionalInt code = monitor.exitCode(entry.container());
    if (code.isEmpty()) {
      return Exits.unknown(now);
    }
    DiskLimits.Excess excess = host.excess(entry.container());
    if (excess != DiskLimits.Excess.NONE) {
      return Exits.diskFull(code.getAsInt(), excess, limits.instanceDisk(), now);
    }
    long memory = limits.memory(entry.request().getRun().getLimits());
    return Exits.of(code.getAsInt(), host.oomKills(entry.container()), memory, now);
  }

  @Override
  public void kill(SessionEntry entry) throws IOException {
    host.kill(entry.container());
  }

  @Override
  public long diskBytes(SessionEntry entry) {
    return host.diskBytes(entry.container());
  }

  /** One that a killed daemon created and left waiting begins. */
  @Override
  public void resume(SessionEntry entry) throws IOException {
    host.watch(entry.container(), limits.instanceDisk());
    host.startIfWaiting(entry.container());
  }

  @Override
  public void abandon(SessionEntry entry) throws IOException {
    monitor.abandon(entry.container());
  }

  @Override
  public void clear(SessionEntry entry) throws IOException {
    links.detach(entry.place().address());
    host.clearAll(entry.container());
  }

  private Bundle content(SessionEntry entry, ImageConfig config, RootFilesystem root)
      throws IOException {
    StartSessionRequest request = entry.request();
    InstanceSpec spec = request.getRun();
    InstanceName name = InstanceIds.name(entry.instance());
    CommandSpec command = new CommandSpec(request, config);
    Accounts account = command.account(root.path());
    String address = links.link(entry.place().address()).address().getHostAddress();
    String folder = command.folder();
    List<String> argv = ProgramSpec.argv(spec.getArgvList(), config);
    List<String> env = command.over(ProgramSpec.environment(name, spec, config, account));
    Program.check(root.path(), argv.get(0), env, folder);
    return new Bundle(
        root,
        files.underInit(Signals.SIGTERM, argv),
        env,
        folder,
        account,
        Bundle.INSTANCE_CAPABILITIES,
        name.hostname(),
        files.binds(entry.container(), name.hostname(), address),
        limits.instanceDisk().bytes(),
        List.of(new Bundle.Memory("/tmp", limits.tmpBytes())),
        limits.shmBytes(),
        Optional.empty(),
        command.size());
  }
}
