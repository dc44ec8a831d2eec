package dev.paas.runtime.instance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import dev.paas.contract.runtime.LogLine;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.runtime.container.Removal;
import dev.paas.runtime.log.Logs;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Instances on the real kernel: monitors, groups, links, logs. */
final class InstancesIT {

  private static final String DIGEST = "sha256:" + "a".repeat(64);

  @SuppressWarnings("NullAway.Init")
  private TestHost host;

  @SuppressWarnings("NullAway.Init")
  private Supervisor instances;

  @SuppressWarnings("NullAway.Init")
  private Logs logs;

  @BeforeEach
  void open() throws IOException {
    host =
        new TestHost(
            "rtb",
            "10.214.101.0/24",
            "restart-backoff-min = \"50ms\"\nlog-kept = \"64KiB\"\n[router]\nhttp = \"0.0.0.0:18080\"\n");
    begin();
  }

  private void begin() throws IOException {
    logs = host.logs();
    instances = host.instances(logs);
    instances.adopt();
  }

  @AfterEach
  void close() throws Exception {
    for (Instance left : instances.list("")) {
      instances.stop(left.getId(), Duration.ZERO).get(10, TimeUnit.SECONDS);
    }
    instances.close();
    logs.close();
    host.close();
  }

  private static InstanceSpec.Builder spec(String app, int slot, String script) {
    return InstanceSpec.newBuilder()
        .setId(InstanceId.newBuilder().setApp(app).setProcess("web").setRelease(1).setSlot(slot))
        .setImage(DIGEST)
        .addAllArgv(List.of("sh", "-c", script))
        .setLimits(Limits.newBuilder().setMemoryBytes(64 << 20).setPids(50));
  }

  private static final String SERVER =
      "echo 'HTTP works' >/tmp/index.html; echo ready; exec httpd -f -p $PORT -h /tmp";

  private Instance awaitState(InstanceId id, Predicate<Instance> wanted) {
    return await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                instances.list("").stream()
                    .filter(i -> i.getId().equals(id))
                    .findFirst()
                    .orElse(Instance.getDefaultInstance()),
            wanted);
  }

  private Instance startServer(String app, int slot) throws Exception {
    Instance started =
        TestHost.start(instances, spec(app, slot, SERVER).setPort(5000).setRestart(true).build());
    return awaitState(started.getId(), i -> i.getState() == Instance.State.RUNNING);
  }

  @Test
  void restartsDoNotMultiplyTheChecksOfAnInstance() throws Exception {
    InstanceId id =
        TestHost.start(instances, spec("crasher", 1, "sleep 1.2; exit 1").setRestart(true).build())
            .getId();
    awaitState(id, i -> i.getRestarts() >= 3 && i.getState() == Instance.State.RUNNING);
    // One check of the process, one of the packet filter, and perhaps a step just asked for.
    assertThat(instances.waitingSteps()).isLessThanOrEqualTo(3);
  }

  @Test
  void rulesThatSomebodyFlushedAreInPlaceAgain() throws Exception {
    Instance running = startServer("walled", 1);
    new ProcessBuilder("nft", "delete", "table", "inet", "paas-rtb").start().waitFor();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              Process list = new ProcessBuilder("nft", "list", "table", "inet", "paas-rtb").start();
              assertThat(new String(list.getInputStream().readAllBytes(), US_ASCII))
                  .contains(running.getAddress());
            });
  }

  @Test
  void serverIsRunningOnceItListensAndAnswersAtItsAddress() throws Exception {
    List<InstanceEvent> events = Collections.synchronizedList(new ArrayList<>());
    Runnable unwatch = instances.watch(events::add);
    Instance running = startServer("shop", 1);
    assertThat(running.getListeningList()).containsExactly(5000);
    try (Socket socket = new Socket(running.getAddress(), 5000)) {
      socket
          .getOutputStream()
          .write(
              "GET /index.html HTTP/1.0\r\n\r\n"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(
              new String(
                  socket.getInputStream().readAllBytes(),
                  java.nio.charset.StandardCharsets.US_ASCII))
          .contains("HTTP works");
    }
    assertThat(instances.list("shop").get(0).getMemoryBytes()).isPositive();
    instances.stop(running.getId(), Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS);
    unwatch.run();
    assertThat(events.get(0).hasSnapshot()).isTrue();
    assertThat(events.get(events.size() - 1).getRemoved()).isEqualTo(running.getId());
    assertThat(instances.list("")).isEmpty();
    assertThat(host.parts.tools().cgroups().names()).isEmpty();
    assertThat(host.parts.tools().network().links().names()).isEmpty();
    assertThat(host.parts.tools().roots().names()).isEmpty();
  }

  @Test
  void addressOfAnEndedInstanceIsRefusedAtOnceAndNotLookedForOutside() throws Exception {
    Instance running = startServer("shop", 1);
    instances.stop(running.getId(), Duration.ZERO).get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> new Socket(running.getAddress(), 5000).close())
        .isInstanceOf(NoRouteToHostException.class);
    Removal.of(host.settings);
    assertThat(Files.readString(Path.of("/proc/net/route"))).doesNotContain("0065D60A");
  }

  @Test
  void startingTwiceStartsOnce() throws Exception {
    Instance first = startServer("shop", 1);
    Instance second = TestHost.start(instances, spec("shop", 1, SERVER).setPort(5000).build());
    assertThat(second.getPid()).isEqualTo(first.getPid());
  }

  @Test
  void endedProcessIsStartedAgainAndItsCodeIsKept() throws Exception {
    Instance started =
        TestHost.start(instances, spec("shop", 1, "echo once; exit 3").setRestart(true).build());
    Instance again = awaitState(started.getId(), i -> i.getRestarts() >= 2);
    assertThat(again.getLastExit().getCode()).isEqualTo(3);
    assertThat(again.getLastExit().getReason()).isEqualTo(Exit.Reason.EXITED);
  }

  @Test
  void endWithoutRestartStaysVisible() throws Exception {
    Instance started = TestHost.start(instances, spec("shop", 1, "exit 4").build());
    Instance ended = awaitState(started.getId(), i -> i.getState() == Instance.State.EXITED);
    assertThat(ended.getLastExit().getCode()).isEqualTo(4);
  }

  @Test
  void memoryBeyondTheLimitIsNamed() throws Exception {
    Instance started =
        TestHost.start(instances, spec("shop", 1, "x=$(yes | head -c 200000000)").build());
    Instance ended = awaitState(started.getId(), i -> i.getState() == Instance.State.EXITED);
    assertThat(ended.getLastExit().getReason()).isEqualTo(Exit.Reason.OOM_KILLED);
  }

  @Test
  void daemonThatStartsAgainFindsItsInstances() throws Exception {
    Instance before = startServer("shop", 1);
    instances.close();
    logs.close();
    begin();
    Instance after = awaitState(before.getId(), i -> i.getState() == Instance.State.RUNNING);
    assertThat(after.getPid()).isEqualTo(before.getPid());
    assertThat(after.getAddress()).isEqualTo(before.getAddress());
    new Socket(after.getAddress(), 5000).close();
  }

  @Test
  void endWhileNobodyWatchedIsHandledAtTheNextStart() throws Exception {
    Instance before = startServer("shop", 1);
    instances.close();
    logs.close();
    host.parts.tools().cgroups().kill("shop.web.v1.1.g0");
    await()
        .until(() -> !ProcessHandle.of(before.getPid()).map(ProcessHandle::isAlive).orElse(false));
    begin();
    // At first it is what was recorded of it.
    Instance after =
        awaitState(
            before.getId(), i -> i.getState() == Instance.State.RUNNING && i.getRestarts() == 1);
    assertThat(after.getPid()).isNotEqualTo(before.getPid());
    assertThat(after.getLastExit().getCode()).isEqualTo(137);
  }

  @Test
  void whatBelongsToNoInstanceIsRemoved() throws Exception {
    host.parts.tools().cgroups().create("orphan", new dev.paas.runtime.cgroup.GroupLimits(0, 0, 0));
    instances.close();
    logs.close();
    begin();
    assertThat(host.parts.tools().cgroups().names()).isEmpty();
  }

  @Test
  void deafProcessIsKilledAfterTheGrace() throws Exception {
    Instance started =
        TestHost.start(
            instances, spec("shop", 1, "trap '' TERM; while true; do sleep 1; done").build());
    instances.stop(started.getId(), Duration.ofMillis(200)).get(10, TimeUnit.SECONDS);
    assertThat(instances.list("")).isEmpty();
  }

  @Test
  void unknownUserIsTheUsersMistake() {
    InstanceSpec bad = spec("shop", 1, "true").setImage("not-a-digest").build();
    assertThatThrownBy(() -> instances.start(bad))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> assertThat(e.problem().code()).isEqualTo("instance.bad-spec"));
  }

  @Test
  void instancesReachTheRouterButNeitherEachOtherNorTheHost() throws Exception {
    Instance other = startServer("other", 1);
    try (java.net.ServerSocket api =
            new java.net.ServerSocket(18081, 5, java.net.InetAddress.getByName("0.0.0.0"));
        java.net.ServerSocket router =
            new java.net.ServerSocket(18080, 5, java.net.InetAddress.getByName("0.0.0.0"))) {
      assertThat(api.isBound()).isTrue();
      Thread answering =
          new Thread(
              () -> {
                try {
                  router.accept().close();
                } catch (IOException closed) {
                  throw new java.io.UncheckedIOException(closed);
                }
              });
      answering.start();
      String script =
          "id; for t in "
              + other.getAddress()
              + ":5000 10.214.101.1:18081 10.214.101.1:18080; do"
              + " if nc -w 1 ${t%:*} ${t#*:} </dev/null; then echo reached $t; else echo no $t; fi;"
              + " done; sleep 100";
      Instance prober = TestHost.start(instances, spec("prober", 1, script).build());
      List<String> lines = awaitLines("prober", "18080");
      assertThat(lines)
          .contains(
              "no " + other.getAddress() + ":5000",
              "no 10.214.101.1:18081",
              "reached 10.214.101.1:18080");
      assertThat(lines).anyMatch(line -> line.contains("uid=1000(app)"));
      assertThat(prober.getPid()).isPositive();
    }
  }

  private List<String> awaitLines(String app, String last) {
    return await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () ->
                logs
                    .reader(ReadLogsRequest.newBuilder().setApp(app).setTail(1000).build())
                    .past()
                    .stream()
                    .map(LogLine::getText)
                    .toList(),
            lines -> lines.stream().anyMatch(line -> line.contains(last)));
  }

  @Test
  void logsAreFollowedThroughRotationAndKeptAfterTheEnd() throws Exception {
    Instance started =
        TestHost.start(
            instances,
            spec(
                    "chatty",
                    1,
                    "for i in $(seq 1 3000); do echo line $i of a longer text that fills the file; done; echo done; sleep 100")
                .build());
    Logs.Reader reader =
        logs.reader(
            ReadLogsRequest.newBuilder().setApp("chatty").setTail(5000).setFollow(true).build());
    List<String> seen = new ArrayList<>();
    reader.past().forEach(line -> seen.add(line.getText()));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              reader.more().orElse(List.of()).forEach(line -> seen.add(line.getText()));
              return seen.contains("done");
            });
    Path folder = host.folder.resolve("data/runtime/logs/chatty");
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> Files.exists(folder.resolve("chatty.web.v1.1.g0.log.1")));
    instances.stop(started.getId(), Duration.ZERO).get(10, TimeUnit.SECONDS);
    List<LogLine> kept =
        logs.reader(ReadLogsRequest.newBuilder().setApp("chatty").setTail(3).build()).past();
    assertThat(kept)
        .extracting(LogLine::getText)
        .satisfiesExactly(
            text -> assertThat(text).isEqualTo("done"),
            text -> assertThat(text).isEqualTo("is asked to stop"),
            text -> assertThat(text).startsWith("ended by signal "));
    assertThat(kept)
        .extracting(LogLine::getKind)
        .containsExactly(LogLine.Kind.OUTPUT, LogLine.Kind.LIFE, LogLine.Kind.LIFE);
  }

  @Test
  void startsAreFast() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int slot = 1; slot <= 20; slot++) {
      long before = System.nanoTime();
      TestHost.start(instances, spec("fast", slot, "sleep 100").build());
      millis.add((System.nanoTime() - before) / 1_000_000);
    }
    Collections.sort(millis);
    System.out.println("starts with network, ms: " + millis);
    instances.stopAll(new AppName("fast"), Duration.ofSeconds(10)).get(20, TimeUnit.SECONDS);
    assertThat(instances.list("")).isEmpty();
  }
}
