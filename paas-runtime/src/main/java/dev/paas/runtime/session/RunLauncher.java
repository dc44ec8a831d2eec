package dev.paas.runtime.session;

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
import dev.paas.runtime.session.output.Streams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes a run from its spec to a running process, and away again: a container as an instance has
 * one, with streams. Its program is executed once this daemon is connected to them.
 */
final class RunLauncher {

  private final ContainerHost host;
  private final PlatformFiles files;
  private final Monitor monitor;
  private final InstanceLinks links;
  private final ContainerLimits limits;

  RunLauncher(
      ContainerHost host,
      PlatformFiles files,
      Monitor monitor,
      InstanceLinks links,
      ContainerLimits limits) {
    this.host = host;
    this.files = files;
    this.monitor = monitor;
    this.links = links;
    this.limits = limits;
  }

  /** What is done with a process that waits before its first instruction. */
  interface Created {
    void process(ProcessIdentity process, Streams streams) throws IOException;
  }

  /**
   * Starts a run from nothing.
   *
   * @param created is told the process before it begins, so that no crash loses one that runs
   */
  void launch(SessionEntry entry, StoredImage image, UidRange ids, Created created)
      throws IOException {
    String container = entry.container();
    host.clearAll(container);
    try {
      RootFilesystem root = host.mount(container, image.layerDirectories(), ids);
      Limits allowed = limits.complete(entry.request().getRun().getLimits());
      Path bundle = host.prepare(container, ContainerLimits.group(allowed));
      host.configure(bundle, content(entry, image.config(), root));
      host.watch(container, limits.instanceDisk());
      Monitor.Streams wanted = new Monitor.Streams(entry.hasTerminal(), entry.request().getStdin());
      ProcessIdentity process = monitor.create(container, bundle, entry.output().file(), wanted);
      links.attach(entry.place().address(), process.pid());
      created.process(process, Streams.connect(monitor.socket(container)));
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

  /** Begins a process that a killed daemon created and left waiting; others are left alone. */
  void begin(SessionEntry entry) throws IOException {
    host.startIfWaiting(entry.container());
  }

  /** Whether its monitor has told how it ended. */
  boolean isTold(SessionEntry entry) {
    return monitor.hasExited(entry.container());
  }

  boolean isMonitored(SessionEntry entry) {
    return monitor.isThere(entry.container());
  }

  /** How a run ended that is no more. */
  Exit exit(SessionEntry entry, long now) throws IOException {
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

  void kill(SessionEntry entry) throws IOException {
    host.kill(entry.container());
  }

  /** What it has on the disk, as last measured. */
  long diskBytes(SessionEntry entry) {
    return host.diskBytes(entry.container());
  }

  /** Connects to the streams of one that runs. */
  Streams connect(SessionEntry entry) throws IOException {
    return Streams.connect(monitor.socket(entry.container()));
  }

  /** From now on it ends when it writes more to the disk than it may. */
  void watchDisk(SessionEntry entry) {
    host.watch(entry.container(), limits.instanceDisk());
  }

  /** Frees everything of it but its place and its output. */
  void clear(SessionEntry entry) throws IOException {
    links.detach(entry.place().address());
    host.clearAll(entry.container());
  }

  private Bundle content(SessionEntry entry, ImageConfig config, RootFilesystem root)
      throws IOException {
    StartSessionRequest request = entry.request();
    InstanceSpec spec = request.getRun();
    InstanceName name = InstanceIds.name(entry.instance());
    Accounts account = account(request, config, root.path());
    String address = links.link(entry.place().address()).address().getHostAddress();
    String folder = folder(request, config);
    List<String> argv = ProgramSpec.argv(spec.getArgvList(), config);
    List<String> env =
        with(ProgramSpec.environment(name, spec, config, account), request.getEnvMap());
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
        limits.tmpBytes(),
        limits.shmBytes(),
        Optional.empty(),
        size(request));
  }

  static Accounts account(StartSessionRequest request, ImageConfig config, Path root)
      throws IOException {
    return Accounts.in(root, request.getUser().isEmpty() ? config.getUser() : request.getUser());
  }

  static String folder(StartSessionRequest request, ImageConfig config) {
    return ProgramSpec.folder(
        Stream.of(request.getWorkingDir(), config.getWorkingDir())
            .filter(folder -> !folder.isEmpty())
            .findFirst()
            .orElse("/"));
  }

  static List<String> with(List<String> env, Map<String, String> more) {
    return Stream.concat(
            env.stream().filter(set -> !more.containsKey(set.substring(0, set.indexOf('=')))),
            more.entrySet().stream().map(set -> set.getKey() + "=" + set.getValue()))
        .collect(Collectors.toList());
  }

  static Optional<Bundle.TerminalSize> size(StartSessionRequest request) {
    return request.hasTerminal()
        ? Optional.of(
            new Bundle.TerminalSize(
                request.getTerminal().getColumns(), request.getTerminal().getRows()))
        : Optional.empty();
  }
}
