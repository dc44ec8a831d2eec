package dev.paas.runtime.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.image.ImageDigest;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.log.Logs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an instance may write to the disk, on the real one. */
final class DiskIT {

  private static final String DIGEST = "sha256:" + "b".repeat(64);

  @SuppressWarnings("NullAway.Init")
  private static TestHost host;

  @SuppressWarnings("NullAway.Init")
  private static Supervisor instances;

  @SuppressWarnings("NullAway.Init")
  private static Logs logs;

  @BeforeAll
  static void open() throws IOException {
    host = new TestHost("rtbq", "10.214.106.0/24", "disk = \"32MiB\"\n");
    logs = host.logs();
    instances = host.instances(logs, host.inventory(), digest -> image());
    instances.adopt();
  }

  @AfterAll
  static void close() throws IOException {
    instances.close();
    logs.close();
    host.close();
  }

  private static StoredImage image() {
    return new StoredImage(
        ImageDigest.parse(DIGEST),
        Set.of(),
        ImageConfig.newBuilder().addEnv("PATH=/bin").setWorkingDir("/srv").build(),
        List.of(),
        List.of(host.layer),
        1,
        Instant.EPOCH);
  }

  /** Runs a script as an instance's program to its end, and removes what is left of it. */
  private static Exit ended(String script) throws Exception {
    InstanceSpec spec =
        InstanceSpec.newBuilder()
            .setId(InstanceId.newBuilder().setApp("disk").setProcess("web").setSlot(1))
            .setImage(DIGEST)
            .addAllArgv(List.of("sh", "-c", script))
            .setLimits(Limits.newBuilder().setMemoryBytes(256 << 20).setPids(50))
            .build();
    InstanceId id = TestHost.start(instances, spec).getId();
    Instance last =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> instances.list("disk").get(0),
                instance -> instance.getState() == Instance.State.EXITED);
    instances.stop(id, Duration.ZERO).get(20, TimeUnit.SECONDS);
    assertThat(host.folder.resolve("data/runtime/instances")).isEmptyDirectory();
    return last.getLastExit();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Files of all sizes.
        "i=0; while true; do head -c 3000000 /dev/zero >/srv/f$i; i=$((i+1)); sleep 0.05; done",
        // Files without a name.
        "exec 3>/a 4>/b 5>/c; /bin/busybox rm /a /b /c; for n in 3 4 5; do"
            + " head -c 15000000 /dev/zero >&$n; done; sleep 100",
        // Hard links, which take nothing but names.
        "mkdir /srv/a; i=0; while [ $i -lt 200 ]; do : >/srv/a/$i; i=$((i+1)); done;"
            + " while true; do /bin/busybox cp -rl /srv/a /srv/b$i; i=$((i+1)); done",
        // Files without content.
        "i=0; while true; do : >/srv/f$i; i=$((i+1)); done",
      })
  void anInstanceThatWritesMoreThanItMayIsStoppedAndSaysSo(String script) throws Exception {
    Exit exit = ended(script);
    assertThat(exit.getReason()).isEqualTo(Exit.Reason.DISK_FULL);
    assertThat(exit.getDetail()).contains("limit 32MiB");
  }

  @Test
  void oneFileEndsAtTheLimitByItself() throws Exception {
    Exit exit = ended("exec head -c 100000000 /dev/zero >/srv/large");
    assertThat(exit.getCode()).isEqualTo(128 + 25);
    assertThat(exit.getDetail()).contains("disk limit");
  }

  @Test
  void foldersOfAnyDepthAreRemovedWithTheInstance() throws Exception {
    Exit exit =
        ended("cd /; i=0; while [ $i -lt 1200 ]; do mkdir d; cd d; i=$((i+1)); done; exit 3");
    // What lies so deep is not measured: whoever is asked about it in time is stopped for it.
    assertThat(exit.getCode()).isIn(3, 137);
  }

  @Test
  void whatAnInstanceWritesWithinTheLimitIsItsOwnBusiness() throws Exception {
    Exit exit = ended("head -c 20000000 /dev/zero >/srv/f && exit 4");
    assertThat(exit.getReason()).isEqualTo(Exit.Reason.EXITED);
    assertThat(exit.getCode()).isEqualTo(4);
  }
}
