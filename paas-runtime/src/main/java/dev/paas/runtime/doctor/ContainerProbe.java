package dev.paas.runtime.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.container.ContainerHost;
import dev.paas.runtime.oci.OciRuntime;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.sandbox.Sandbox;
import dev.paas.runtime.sandbox.SandboxMounts;
import dev.paas.runtime.sandbox.SandboxProcess;
import dev.paas.runtime.sandbox.SandboxSpec;
import java.io.IOException;
import java.util.List;

/**
 * Starts a real container without an image: the init program alone, which shows that it can be
 * executed and ends.
 */
public final class ContainerProbe {

  private final ContainerHost host;
  private final OciRuntime runtime;
  private final Sandbox sandbox;
  private final UidRange ids;

  /**
   * @param ids that it runs with
   */
  public ContainerProbe(ContainerHost host, OciRuntime runtime, Sandbox sandbox, UidRange ids) {
    this.host = host;
    this.runtime = runtime;
    this.sandbox = sandbox;
    this.ids = ids;
  }

  String run() throws IOException, InterruptedException {
    try (ContainerHost.Scratch scratch = host.scratch("doctor", ids)) {
      SandboxSpec spec =
          new SandboxSpec(
              "doctor",
              scratch.root(),
              List.of("/run/paas/init", "--version"),
              List.of("PATH=/"),
              "/",
              "",
              Limits.newBuilder().setMemoryBytes(32 << 20).setCpuMillis(1000).setPids(16).build(),
              true,
              SandboxMounts.NONE,
              false,
              "doctor");
      try (SandboxProcess process = sandbox.start(spec)) {
        process.stdin().close();
        String said = new String(process.stderr().readAllBytes(), UTF_8);
        Exit exit = process.await();
        if (exit.getCode() != 0) {
          throw new IOException(exit.getDetail() + " " + said.strip());
        }
      }
    }
    return runtime.version() + " runs containers in user namespaces";
  }
}
