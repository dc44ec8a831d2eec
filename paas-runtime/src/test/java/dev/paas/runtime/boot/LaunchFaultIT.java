package dev.paas.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.ListInstancesRequest;
import dev.paas.contract.runtime.StartInstanceRequest;
import dev.paas.contract.runtime.StopInstanceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A daemon that is asked for many instances at once. */
final class LaunchFaultIT {

  /** Several times the threads that answer calls. */
  private static final int CROWD = 40;

  @SuppressWarnings("NullAway.Init")
  private TestDaemon daemon;

  @SuppressWarnings("NullAway.Init")
  private String image;

  @BeforeEach
  void open() throws Exception {
    daemon =
        new TestDaemon(
            "rtlf",
            "10.214.111.0/24",
            """
            uid-ranges = 8
            settle = "100ms"
            [router]
            http = "127.0.0.1:18090"
            """);
    image = daemon.importBusybox();
  }

  @AfterEach
  void close() throws Exception {
    daemon.close();
  }

  private StartInstanceRequest request(String app, int slot) {
    return StartInstanceRequest.newBuilder()
        .setSpec(
            InstanceSpec.newBuilder()
                .setId(
                    InstanceId.newBuilder()
                        .setApp(app)
                        .setProcess("worker")
                        .setRelease(1)
                        .setSlot(slot))
                .setImage(image)
                .addAllArgv(List.of("sleep", "1000"))
                .setRestart(true))
        .build();
  }

  private List<Instance> list(String app) {
    return daemon
        .call()
        .listInstances(ListInstancesRequest.newBuilder().setApp(app).build())
        .getInstancesList();
  }

  private List<CompletableFuture<Instance>> startCrowd() {
    List<CompletableFuture<Instance>> starts = new ArrayList<>();
    for (int slot = 1; slot <= CROWD; slot++) {
      CompletableFuture<Instance> started = new CompletableFuture<>();
      daemon
          .streaming()
          .startInstance(request("crowd", slot), TestDaemon.completing(started, new ArrayList<>()));
      starts.add(started);
    }
    return starts;
  }

  private static long through(List<CompletableFuture<Instance>> starts) {
    return starts.stream().filter(CompletableFuture::isDone).count();
  }

  @Test
  void manyStartsOfAnAppKeepNoCallForAnotherWaiting() {
    Instance other = daemon.call().startInstance(request("other", 1));
    List<CompletableFuture<Instance>> starts = startCrowd();
    daemon
        .call()
        .stopInstance(
            StopInstanceRequest.newBuilder().setId(other.getId()).setGraceSeconds(0).build());
    assertThat(list("other")).isEmpty();
    assertThat(through(starts)).isLessThan(CROWD / 2);
    await().atMost(Duration.ofMinutes(2)).until(() -> through(starts) == CROWD);
    assertThat(starts).noneMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(list("crowd")).hasSize(CROWD).allMatch(instance -> instance.getPid() > 0);
  }

  @Test
  void whatAKilledDaemonHadRecordedIsLaunchedOnceByTheNext() throws Exception {
    List<CompletableFuture<Instance>> starts = startCrowd();
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofMinutes(1))
        .until(() -> through(starts) > 0);
    daemon.process().destroyForcibly().waitFor();
    int recorded = recorded();
    assertThat(recorded).isPositive();
    daemon.start();
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () ->
                assertThat(list("crowd"))
                    .hasSize(recorded)
                    .allMatch(instance -> instance.getState() == Instance.State.RUNNING)
                    .allMatch(instance -> instance.getRestarts() == 0));
  }

  /** How many instances the killed daemon has recorded in full, in its namespace. */
  private int recorded() throws Exception {
    String listed =
        daemon.run(
            List.of(
                "nsenter",
                "--mount=" + daemon.folder.resolve("run/runtime/namespace/mnt"),
                "find",
                daemon.folder.resolve("run/instances/records").toString(),
                "-name",
                "process"));
    return (int) listed.lines().count();
  }
}
