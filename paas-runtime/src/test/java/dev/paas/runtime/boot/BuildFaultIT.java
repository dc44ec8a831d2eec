package dev.paas.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.DoctorRequest;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.Finding;
import dev.paas.contract.runtime.GetInfoRequest;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.ImageOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real daemon is killed in the middle of builds; its mount namespace outlives it. */
final class BuildFaultIT {

  private static final String ID = "rtbf";

  /** Each is mounted for itself before a root filesystem is: more of them, a longer moment. */
  private static final int LAYERS = 8;

  /** A moment is short: what was seen may be over before the signal arrives. */
  private static final int ATTEMPTS = 20;

  @SuppressWarnings("NullAway.Init")
  private static TestDaemon daemon;

  private static int round;

  @BeforeAll
  static void open() throws Exception {
    daemon =
        new TestDaemon(
            ID,
            "10.214.106.0/24",
            """
            uid-base = 1970000000
            uid-ranges = 16
            sweep-interval = "200ms"
            [router]
            http = "127.0.0.1:18093"
            """);
    daemon.importBusybox();
  }

  @AfterAll
  static void close() throws Exception {
    daemon.close();
  }

  /**
   * F38 in docs/reliability.md.
   *
   * @param moment what is mounted, and where, when the daemon is killed
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/run/instances/layers/build-shop-",
        "/run/instances/roots/build-shop-",
        ".share0 ",
        "/data/runtime/tmp/view-"
      })
  void afterAKillInTheMiddleOfABuildTheNextBuildWorksAndNothingIsLeft(String moment)
      throws Exception {
    build();
    List<String> before = onHost();
    int attempts = 0;
    do {
      assertThat(attempts++).as("moments of %s that were missed", moment).isLessThan(ATTEMPTS);
      // The first build of a daemon: the next daemon's first one has its names.
      kill();
      daemon.start();
      CompletableFuture<SolveEvent> cut = begin(graph());
      await("the moment comes")
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofNanos(1))
          .pollInSameThread()
          .until(() -> mounts().contains(moment) || cut.isDone());
      kill();
    } while (!mounted().contains(moment));
    daemon.start();
    build();
    await("nothing more is there than before")
        .untilAsserted(() -> assertThat(onHost()).isEqualTo(before));
    assertThat(daemon.call().doctor(DoctorRequest.getDefaultInstance()).getFindingsList())
        .filteredOn(finding -> finding.getProbe().startsWith("orphans"))
        .isNotEmpty()
        .allMatch(finding -> finding.getLevel() == Finding.Level.OK);
  }

  /** The same row: what the daemon started goes on until its next start. */
  @Test
  void aStepThatWritesOnAfterTheKillIsEndedBeforeItsFilesAreRemoved() throws Exception {
    build();
    List<String> before = onHost();
    kill();
    daemon.start();
    String writers =
        "for w in 1 2 3 4; do (i=0; while true; do i=$((i+1)); : >/$w.$i; done) & done; wait";
    CompletableFuture<SolveEvent> unused =
        begin(List.of(base(), run("run", "base", writers, false)));
    Path upper = daemon.folder.resolve("data/runtime/tmp");
    await("it writes")
        .until(
            () -> daemon.run(List.of("find", upper.toString(), "-name", "1.1000")),
            f -> !f.isEmpty());
    kill();
    daemon.start();
    assertThat(daemon.call().getInfo(GetInfoRequest.getDefaultInstance()).getPlatform())
        .isEqualTo(ID);
    build();
    await("nothing more is there than before")
        .untilAsserted(() -> assertThat(onHost()).isEqualTo(before));
  }

  private static void kill() throws InterruptedException {
    assertThat(daemon.process().destroyForcibly().waitFor()).isEqualTo(128 + 9);
  }

  // ---------------------------------------------------------------- builds

  private static List<Node> graph() {
    round++;
    List<Node> nodes = new ArrayList<>(List.of(base()));
    String last = "base";
    for (int i = 0; i < LAYERS; i++) {
      String id = "dir" + i;
      nodes.add(
          Node.newBuilder()
              .setId(id)
              .setMakeDir(MakeDirOp.newBuilder().setInput(last).setPath("/" + id))
              .build());
      last = id;
    }
    nodes.add(run("run", last, "echo " + round + " >/made; sleep 0.05", true));
    nodes.add(
        Node.newBuilder()
            .setId("copy")
            .setCopy(
                CopyOp.newBuilder()
                    .setInput("run")
                    .setFrom("run")
                    .addSources("/bin")
                    .setDestination("/copied/"))
            .build());
    return nodes;
  }

  private static Node base() {
    return Node.newBuilder()
        .setId("base")
        .setImage(ImageOp.newBuilder().setRef("test/busybox:1"))
        .build();
  }

  private static Node run(String id, String input, String script, boolean cache) {
    ExecOp.Builder op =
        ExecOp.newBuilder()
            .setInput(input)
            .addAllArgv(List.of("sh", "-c", script))
            .addEnv("PATH=/bin")
            .setWorkingDir("/");
    if (cache) {
      op.addCaches(CacheMount.newBuilder().setId("c").setTarget("/cache"));
    }
    return Node.newBuilder().setId(id).setTitle("RUN").setExec(op).build();
  }

  private static SolveRequest request(List<Node> nodes) {
    return SolveRequest.newBuilder()
        .setApp("shop")
        .setName("apps/shop:build-1")
        .setConfig(ImageConfig.newBuilder().addCmd("sh"))
        .setGraph(
            BuildGraph.newBuilder()
                .addAllNodes(nodes)
                .setOutput(nodes.get(nodes.size() - 1).getId()))
        .build();
  }

  /** A build that comes to its end. */
  private static void build() {
    Iterator<SolveEvent> events = daemon.call().solve(request(graph()));
    SolveEvent last = SolveEvent.getDefaultInstance();
    while (events.hasNext()) {
      last = events.next();
    }
    assertThat(last.getImage().getLayersCount()).isEqualTo(LAYERS + 3);
  }

  private static CompletableFuture<SolveEvent> begin(List<Node> nodes) {
    CompletableFuture<SolveEvent> done = new CompletableFuture<>();
    daemon.streaming().solve(request(nodes), TestDaemon.completing(done, new ArrayList<>()));
    return done;
  }

  // ---------------------------------------------------------------- what is on the host

  /** What the daemon sees mounted. */
  private static String mounts() {
    try {
      return Files.readString(Path.of("/proc", Long.toString(daemon.process().pid()), "mountinfo"));
    } catch (IOException ended) {
      return "";
    }
  }

  /** The same, whether a daemon runs or not. */
  private static String mounted() throws Exception {
    return inNamespace("cat /proc/self/mountinfo");
  }

  private static String inNamespace(String script) throws Exception {
    Path namespace = daemon.folder.resolve("run/runtime/namespace/mnt");
    return daemon.run(
        List.of(
            "nsenter", "--mount=" + namespace, "sh", "-c", "cd " + daemon.folder + "\n" + script));
  }

  /** All that a build can leave, as a list of names. */
  private static List<String> onHost() throws Exception {
    String found =
        inNamespace(
            """
            cut -d' ' -f5 /proc/self/mountinfo | grep "^$PWD/" || true
            find run/instances -mindepth 1 -maxdepth 2
            find data/runtime -mindepth 1 -maxdepth 1
            find data/runtime/tmp data/runtime/instances -mindepth 1 -maxdepth 1
            find /sys/fs/cgroup -type d -path '*/paas-ID/*'
            ls /sys/class/net | grep '^vID-' || true
            ps -eo args= | grep "[^ ]*crun .*$PWD/" | grep -v grep || true
            """
                .replace("ID", ID));
    return found.lines().sorted().toList();
  }
}
