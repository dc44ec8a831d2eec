package dev.paas.runtime.instance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.container.Removal;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.sandbox.Sandbox;
import dev.paas.runtime.sandbox.SandboxMounts;
import dev.paas.runtime.sandbox.SandboxProcess;
import dev.paas.runtime.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that has runc and no crun. */
final class RuncIT {

  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final Limits LIMITS =
      Limits.newBuilder().setMemoryBytes(64 << 20).setCpuMillis(1000).setPids(50).build();

  @SuppressWarnings("NullAway.Init")
  private TestHost host;

  @BeforeEach
  void open() throws IOException {
    host =
        new TestHost(
            "rtrc",
            "10.214.105.0/24",
            "restart-backoff-min = \"50ms\"\n",
            Path.of("/usr/sbin/runc"));
    host.parts
        .tools()
        .network()
        .firewall()
        .install(host.parts.tools().network().range(), List.of(), List.of());
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  @Test
  void aSandboxRunsInItsGroupAndGivesItsExitCodeBack() throws Exception {
    Sandbox sandbox = host.sandbox();
    try (RootFilesystem root = host.root("codes", 1);
        SandboxProcess process = sandbox.start(sandboxed("codes", root, "echo out; exit 7"))) {
      process.stdin().close();
      assertThat(new String(process.stdout().readAllBytes(), UTF_8)).isEqualTo("out\n");
      assertThat(process.await().getCode()).isEqualTo(7);
    }
    try (RootFilesystem root = host.root("oom", 1);
        SandboxProcess process =
            sandbox.start(sandboxed("oom", root, "x=$(yes | head -c 200000000)"))) {
      process.stdin().close();
      assertThat(process.await().getReason()).isEqualTo(Exit.Reason.OOM_KILLED);
    }
    assertThat(host.parts.tools().cgroups().names()).isEmpty();
  }

  private static SandboxSpec sandboxed(String name, RootFilesystem root, String script) {
    return new SandboxSpec(
        name,
        root,
        List.of("sh", "-c", script),
        List.of("PATH=/bin"),
        "/",
        "",
        LIMITS,
        false,
        SandboxMounts.NONE,
        false,
        "build-1");
  }

  @Test
  void anInstanceIsLimitedRestartedAndStopped() throws Exception {
    try (Logs logs = host.logs();
        Supervisor instances = host.instances(logs)) {
      instances.adopt();
      InstanceSpec spec = spec("sleep 1; x=$(yes | head -c 200000000)");
      TestHost.start(instances, spec);

      Instance restarted = awaitInstance(instances, instance -> instance.getRestarts() > 0);
      assertThat(restarted.getLastExit().getReason()).isEqualTo(Exit.Reason.OOM_KILLED);
      instances.stop(spec.getId(), Duration.ZERO).get(20, TimeUnit.SECONDS);
      assertThat(instances.list("")).isEmpty();
    }
    assertThat(host.parts.tools().cgroups().names()).isEmpty();
  }

  @Test
  void removalLeavesNoGroupInAnyHierarchy() throws Exception {
    try (Logs logs = host.logs();
        Supervisor instances = host.instances(logs)) {
      instances.adopt();
      TestHost.start(instances, spec("sleep 1000"));
    }
    // As the launcher does it: what runs would be started again by a daemon that is there.
    Removal.of(host.settings);
    try (Stream<Path> hierarchies = Files.list(Cgroups.MOUNT)) {
      assertThat(hierarchies.map(hierarchy -> hierarchy.resolve("paas-rtrc")))
          .noneMatch(Files::exists);
    }
  }

  private static InstanceSpec spec(String script) {
    return InstanceSpec.newBuilder()
        .setId(InstanceId.newBuilder().setApp("shop").setProcess("web").setRelease(1).setSlot(1))
        .setImage(DIGEST)
        .setRestart(true)
        .setLimits(LIMITS)
        .addAllArgv(List.of("sh", "-c", script))
        .build();
  }

  private static Instance awaitInstance(Supervisor instances, Predicate<Instance> wanted) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> instances.list("").stream().findFirst().orElse(Instance.getDefaultInstance()),
            wanted);
  }
}
