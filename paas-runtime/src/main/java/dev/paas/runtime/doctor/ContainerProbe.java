package dev.paas.runtime.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.container.Launchpad;
import dev.paas.runtime.sandbox.Sandbox;
import dev.paas.runtime.sandbox.SandboxProcess;
import dev.paas.runtime.sandbox.SandboxSpec;
import java.io.IOException;
import java.util.List;

/**
 * Starts a real container without an image: the init program alone, which shows that it can be
 * executed and ends.
 */
final class ContainerProbe {

  private final Launchpad pad;
  private final Sandbox sandbox;

  ContainerProbe(Launchpad pad, Sandbox sandbox) {
    this.pad = pad;
    this.sandbox = sandbox;
  }

  String run() throws IOException, InterruptedException {
    try (Launchpad.Scratch scratch = pad.scratch("doctor")) {
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
              List.of(),
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
    return pad.runtimeVersion() + " runs containers in user namespaces";
  }
}
