package dev.paas.runtime.session.launch;

import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.container.ContainerLimits;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.container.Monitor;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.rootfs.Accounts;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes an exec to a running process inside an instance: in its groups and namespaces, behind its
 * filter of system calls, with no more privileges than its own program has.
 */
public final class ExecLauncher implements Launcher {

  private final ContainerHost host;
  private final Monitor monitor;
  private final ContainerLimits limits;
  private final UidRanges ids;
  private final RunningInstances instances;

  public ExecLauncher(
      ContainerHost host,
      Monitor monitor,
      ContainerLimits limits,
      UidRanges ids,
      RunningInstances instances) {
    this.host = host;
    this.monitor = monitor;
    this.limits = limits;
    this.ids = ids;
    this.instances = instances;
  }

  @Override
  public void launch(SessionEntry entry, StoredImage image, Created created) throws IOException {
    InstanceName inside = InstanceIds.name(entry.instance());
    InstanceSpec spec = instances.require(inside);
    AtomicReference<@Nullable Streams> streams = new AtomicReference<>();
    try {
      Path bundle = host.prepareProcess(entry.container());
      host.configureProcess(bundle.resolve("process.json"), content(entry, image, inside, spec));
      Optional<ProcessIdentity> process =
          monitor.exec(
              new Monitor.Exec(entry.container(), inside.toString(), bundle, entry.output().file()),
              new Monitor.Streams(entry.hasTerminal(), entry.request().getStdin()),
              socket -> {
                streams.set(Streams.connect(socket));
                created.begins();
              });
      Streams connected = streams.get();
      if (connected != null) {
        created.process(process, connected);
      }
    } catch (IOException | RuntimeException | Error failed) {
      Streams connected = streams.get();
      if (connected != null) {
        connected.close();
      }
      try {
        abandon(entry);
        clear(entry);
      } catch (IOException left) {
        failed.addSuppressed(left);
      }
      throw failed;
    }
  }

  private Bundle content(
      SessionEntry entry, StoredImage image, InstanceName inside, InstanceSpec spec)
      throws IOException {
    StartSessionRequest request = entry.request();
    Path root = host.rootOf(inside.toString());
    CommandSpec command = new CommandSpec(request, image.config());
    Accounts account = command.account(root);
    List<String> env = command.over(ProgramSpec.environment(inside, spec, image.config(), account));
    String folder = command.folder();
    Program.check(root, request.getArgv(0), env, folder);
    return new Bundle(
        new RootFilesystem(root, root, ids.of(inside.app())),
        request.getArgvList(),
        env,
        folder,
        account,
        Bundle.INSTANCE_CAPABILITIES,
        inside.hostname(),
        List.of(),
        limits.instanceDisk().bytes(),
        List.of(new Bundle.Memory("/tmp", limits.tmpBytes())),
        limits.shmBytes(),
        Optional.empty(),
        command.size());
  }

  /** One that an earlier daemon was about to let begin begins. */
  @Override
  public void resume(SessionEntry entry) {
    if (entry.process().isEmpty()) {
      monitor.beginAgain(entry.container());
    }
  }

  @Override
  public void abandon(SessionEntry entry) throws IOException {
    monitor.abandon(entry.container());
  }

  @Override
  public Exit exit(SessionEntry entry, long now) throws IOException {
    OptionalInt code = monitor.exitCode(entry.container());
    return code.isEmpty() ? Exits.unknown(now) : Exits.of(code.getAsInt(), 0, 0, now);
  }

  /** What it has started, and let go of, stays: it is the instance's. */
  @Override
  public void kill(SessionEntry entry) throws IOException {
    Optional<ProcessIdentity> process = entry.process();
    if (process.isPresent()) {
      Signals.send(process.get(), Signals.SIGKILL);
    } else {
      abandon(entry);
    }
  }

  @Override
  public void clear(SessionEntry entry) throws IOException {
    host.clearProcess(entry.container());
  }

  /** What it writes is the instance's. */
  @Override
  public long diskBytes(SessionEntry entry) {
    return 0;
  }
}
