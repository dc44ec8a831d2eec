package dev.paas.runtime.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.container.ContainerLimits;
import dev.paas.runtime.container.DiskWatch;
import dev.paas.runtime.container.ProgramSpec;
import dev.paas.runtime.container.SpecCheck;
import dev.paas.runtime.linux.NamedPipe;
import dev.paas.runtime.network.InstanceLinks;
import dev.paas.runtime.oci.OciRuntime;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static final String ADVICE =
      "Shorten the instruction or its variables, or put the words into a file of the app.";

  private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** From the kill of a process until its owner has freed what it held. */
  private static final long ENDING_SECONDS = 30;

  /** What the OCI runtime says of a failure, in bytes. */
  private static final int MAX_SAID = 16 << 10;

  private final ContainerHost host;
  private final OciRuntime runtime;
  private final InstanceLinks links;
  private final SandboxContents contents;
  private final Clock clock;
  private final Map<SandboxResources, UidRange> running = new ConcurrentHashMap<>();

  Sandbox(
      ContainerHost host,
      OciRuntime runtime,
      InstanceLinks links,
      SandboxContents contents,
      Clock clock) {
    this.host = host;
    this.runtime = runtime;
    this.links = links;
    this.contents = contents;
    this.clock = clock;
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

  SandboxProcess start(SandboxSpec spec, Profile profile) throws IOException {
    String name = ContainerHost.checkedName(spec.name());
    SpecCheck.words(spec.argv(), spec.env(), ADVICE);
    host.clearContainer(name);
    int place = links.reserve(name);
    SandboxResources resources = new SandboxResources(host, links, name, place, host.claim(name));
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
    Path bundle = host.prepare(name, ContainerLimits.group(spec.limits()));
    host.configure(bundle, contents.of(spec, profile, resources, bundle));
    host.watch(name, limit(spec, profile));
    try (NamedPipe created = NamedPipe.create(bundle.resolve("created"));
        NamedPipe go = NamedPipe.create(bundle.resolve("go"))) {
      Process process = run(name, bundle);
      SandboxProcess running =
          new SandboxProcess(process, resources, spec.limits(), contents.disk(profile), clock);
      // Wakes the reader below when the runtime fails before it comes to the gate.
      CompletableFuture<?> unused = process.onExit().thenRun(() -> wake(created));
      if (created.read() != 'c') {
        throw OciRuntime.failed(
            new String(process.getErrorStream().readNBytes(MAX_SAID), UTF_8).strip());
      }
      int pid = JSON.readTree(bundle.resolve("state.json").toFile()).path("pid").asInt();
      running.identify(pid);
      if (spec.network()) {
        links.attach(resources.place(), pid);
      } else {
        links.loopback(pid);
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
    spec.mounts().shared().forEach(shared -> folders.add(shared.source()));
    spec.mounts().views().forEach(view -> view.written().ifPresent(folders::add));
    return new DiskWatch.Limit(
        folders, root.path(), contents.disk(profile), profile == Profile.BUILD);
  }

  private static void wake(NamedPipe created) {
    try {
      created.write(new byte[] {'x'});
    } catch (IOException closed) {
      LOG.atTrace().log("gate passed long ago");
    }
  }

  private Process run(String name, Path bundle) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(runtime.run(name, bundle));
    builder.environment().clear();
    builder.environment().put("PATH", ProgramSpec.PATH);
    builder.environment().put("PAAS_ENTRANCES", runtime.entrances(name));
    return builder.start();
  }
}
