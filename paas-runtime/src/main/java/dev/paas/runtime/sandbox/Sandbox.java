package dev.paas.runtime.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.runtime.cgroup.GroupLimits;
import dev.paas.runtime.container.DiskWatch;
import dev.paas.runtime.container.Launchpad;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.container.SpecCheck;
import dev.paas.runtime.linux.NamedPipe;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.oci.OciRuntime;
import dev.paas.runtime.rootfs.Accounts;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one process to its end in a root filesystem, isolated like an instance: steps of builds and
 * one-off processes. The daemon is its parent: it dies with the daemon's next start at the latest.
 *
 * <p>The OCI runtime waits at a gate, a hook between the making of the namespaces and the first
 * instruction; the network is made meanwhile.
 */
public final class Sandbox {

  private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
  private static final String GATE = "gate";

  /** Opens what it will wait at before it says anything, or the answer could come and go before. */
  private static final String GATE_SCRIPT =
      """
      #!/bin/sh
      exec 3<"$1/go"
      cat >"$1/state.json" && echo c >"$1/created" && read -r _ <&3
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** From the kill of a process until its owner has freed what it held. */
  private static final long ENDING_SECONDS = 30;

  /** What the OCI runtime says of a failure, in bytes. */
  private static final int MAX_SAID = 16 << 10;

  private final Launchpad pad;
  private final Clock clock;
  private final Path gate;
  private final Map<SandboxResources, UidRange> running = new ConcurrentHashMap<>();

  public Sandbox(Launchpad pad, Clock clock) throws IOException {
    this.pad = pad;
    this.clock = clock;
    this.gate = Folders.create(pad.run().resolve("bin"), "rwx------").resolve(GATE);
    Files.write(gate, GATE_SCRIPT.getBytes(UTF_8));
  }

  /**
   * Starts a process; returns when its program is about to be executed.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.unknown-user}, {@code
   *     instance.bad-working-directory}, {@code instance.start-failed}
   */
  public SandboxProcess start(SandboxSpec spec) throws IOException {
    return start(spec, Profile.BUILD);
  }

  /** What the process is for: builds keep what they write to /tmp and set file capabilities. */
  enum Profile {
    BUILD,
    ONE_OFF
  }

  SandboxProcess start(SandboxSpec spec, Profile profile) throws IOException {
    String name = Launchpad.checkedName(spec.name());
    SpecCheck.words(spec.argv(), spec.env());
    pad.clearContainer(name);
    int place = pad.links().reserve(name);
    SandboxResources resources = new SandboxResources(pad, name, place);
    running.put(resources, spec.root().ids());
    CompletableFuture<?> unused = resources.gone().thenRun(() -> running.remove(resources));
    try {
      return launch(spec, profile, resources);
    } catch (IOException | RuntimeException | Error failed) {
      resources.free();
      throw failed;
    }
  }

  /** Ends every process that has ids of a range; returns when nothing of them is left. */
  public void endAll(UidRange ids) throws InterruptedException {
    for (Map.Entry<SandboxResources, UidRange> each : running.entrySet()) {
      if (each.getValue().equals(ids)) {
        SandboxResources resources = each.getKey();
        resources.kill();
        try {
          resources.gone().get(ENDING_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException stuck) {
          throw new IllegalStateException("a sandbox does not end", stuck);
        }
      }
    }
  }

  private SandboxProcess launch(SandboxSpec spec, Profile profile, SandboxResources resources)
      throws IOException {
    String name = spec.name();
    Path bundle = pad.bundle(name);
    pad.cgroups()
        .create(
            name,
            new GroupLimits(
                spec.limits().getMemoryBytes(),
                spec.limits().getCpuMillis(),
                spec.limits().getPids()));
    pad.writeConfig(bundle, content(spec, profile, resources, bundle));
    pad.disk().watch(name, limit(spec, profile));
    try (NamedPipe created = NamedPipe.create(bundle.resolve("created"));
        NamedPipe go = NamedPipe.create(bundle.resolve("go"))) {
      Process process = run(name, bundle);
      SandboxProcess running =
          new SandboxProcess(process, resources, spec.limits(), diskLimit(profile), clock);
      // Wakes the reader below when the runtime fails before it comes to the gate.
      CompletableFuture<?> unused = process.onExit().thenRun(() -> wake(created));
      if (created.read() != 'c') {
        throw OciRuntime.failed(
            new String(process.getErrorStream().readNBytes(MAX_SAID), UTF_8).strip());
      }
      int pid = JSON.readTree(bundle.resolve("state.json").toFile()).path("pid").asInt();
      running.identify(pid);
      if (spec.network()) {
        pad.links().attach(resources.place(), pid);
      } else {
        pad.links().loopback(pid);
      }
      go.write("go\n".getBytes(UTF_8));
      running.awaitBeginning();
      return running;
    }
  }

  /** A build's files are read whole when they become a layer, holes too. */
  private DiskWatch.Limit limit(SandboxSpec spec, Profile profile) {
    RootFilesystem root = spec.root();
    List<Path> folders = new ArrayList<>(List.of(root.upper()));
    spec.shared().forEach(shared -> folders.add(shared.source()));
    return new DiskWatch.Limit(folders, root.path(), diskLimit(profile), profile == Profile.BUILD);
  }

  private DiskLimits diskLimit(Profile profile) {
    return profile == Profile.BUILD ? pad.stepDisk() : pad.instanceDisk();
  }

  private static void wake(NamedPipe created) {
    try {
      created.write(new byte[] {'x'});
    } catch (IOException closed) {
      LOG.atTrace().log("gate passed long ago");
    }
  }

  private Process run(String name, Path bundle) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(pad.runtime().run(name, bundle));
    builder.environment().clear();
    builder.environment().put("PATH", ProgramSpec.PATH);
    builder.environment().put("PAAS_ENTRANCES", pad.runtime().entrances(name));
    return builder.start();
  }

  private Bundle content(SandboxSpec spec, Profile profile, SandboxResources resources, Path bundle)
      throws IOException {
    RootFilesystem root = spec.root();
    Accounts account = Accounts.in(root.path(), spec.user());
    String address =
        spec.network() ? pad.links().link(resources.place()).address().getHostAddress() : "";
    List<Bundle.Bind> binds =
        new ArrayList<>(
            profile == Profile.BUILD
                ? pad.commonFiles(root, spec.name(), spec.hostname(), address)
                : pad.commonBinds(spec.name(), spec.hostname(), address));
    int number = 0;
    for (SandboxSpec.Shared shared : spec.shared()) {
      Path shown = resources.share(shared.source(), root.ids(), number++);
      binds.add(new Bundle.Bind(shown, ProgramSpec.folder(shared.target()), true));
    }
    List<String> env = spec.env();
    if (spec.hostCertificates() && pad.settings().runtime().trustHostCertificates()) {
      binds.addAll(pad.trust().binds());
      env = pad.trust().complete(env);
    }
    return new Bundle(
        root,
        pad.underInit(Signals.SIGTERM, spec.argv()),
        ProgramSpec.withHome(env, account),
        ProgramSpec.folder(spec.workingDirectory().isEmpty() ? "/" : spec.workingDirectory()),
        account,
        profile == Profile.BUILD ? Bundle.BUILD_CAPABILITIES : Bundle.INSTANCE_CAPABILITIES,
        spec.hostname(),
        binds,
        diskLimit(profile).bytes(),
        profile == Profile.BUILD ? 0 : pad.settings().runtime().tmp().bytes(),
        pad.settings().runtime().shm().bytes(),
        Optional.of(List.of("/bin/sh", gate.toString(), bundle.toString())));
  }
}
