package dev.paas.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.*;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The real daemon, started by its launcher, spoken to over its socket, killed and started again.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DaemonIT {

  private static final String ID = "rtbd";

  @SuppressWarnings("NullAway.Init")
  private static TestDaemon daemon;

  @SuppressWarnings("NullAway.Init")
  private static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static String image;

  @BeforeAll
  static void open() throws Exception {
    daemon =
        new TestDaemon(
            ID,
            "10.214.103.0/24",
            """
            uid-ranges = 16
            restart-backoff-min = "50ms"
            [router]
            http = "127.0.0.1:18088"
            """);
    folder = daemon.folder;
    image = daemon.importBusybox();
  }

  @AfterAll
  static void close() throws Exception {
    daemon.close();
  }

  private static RuntimeGrpc.RuntimeBlockingStub call() {
    return daemon.call();
  }

  private static String run(List<String> command) throws Exception {
    return daemon.run(command);
  }

  private static InstanceSpec server(String app) {
    return InstanceSpec.newBuilder()
        .setId(InstanceId.newBuilder().setApp(app).setProcess("web").setRelease(1).setSlot(1))
        .setImage(image)
        .addAllArgv(List.of("sh", "-c", "echo $GREETING; exec httpd -f -p $PORT -h /srv"))
        .putEnv("GREETING", "hello from " + app)
        .setPort(5000)
        .setRestart(true)
        .build();
  }

  private static Instance only(String app) {
    return call()
        .listInstances(ListInstancesRequest.newBuilder().setApp(app).build())
        .getInstances(0);
  }

  @Test
  @Order(1)
  void doctorFindsNothingToFix() {
    assertThat(call().getInfo(GetInfoRequest.getDefaultInstance()).getPlatform()).isEqualTo(ID);
    List<Finding> findings = call().doctor(DoctorRequest.getDefaultInstance()).getFindingsList();
    // Whether somebody keeps the clock of the machine that runs the tests is that machine's matter.
    assertThat(findings)
        .as(findings.toString())
        .filteredOn(finding -> !finding.getProbe().equals("clock"))
        .hasSizeGreaterThan(10)
        .allMatch(finding -> finding.getLevel() == Finding.Level.OK);
  }

  @Test
  @Order(2)
  void killedDaemonFindsItsInstancesAgain() throws Exception {
    call().startInstance(StartInstanceRequest.newBuilder().setSpec(server("shop")).build());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> only("shop").getState() == Instance.State.RUNNING);
    Instance before = only("shop");
    daemon.process().destroyForcibly().waitFor();
    new java.net.Socket(before.getAddress(), 5000).close();
    daemon.start();
    Instance after = only("shop");
    assertThat(after.getPid()).isEqualTo(before.getPid());
    assertThat(after.getState()).isEqualTo(Instance.State.RUNNING);
    assertThat(after.getRestarts()).isZero();
    Iterator<InstanceEvent> watching =
        call().watchInstances(WatchInstancesRequest.getDefaultInstance());
    assertThat(watching.next().getSnapshot().getInstancesCount()).isEqualTo(1);
    ProcessHandle.of(after.getPid()).orElseThrow().destroyForcibly();
    await().atMost(Duration.ofSeconds(20)).until(() -> only("shop").getRestarts() == 1);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> only("shop").getState() == Instance.State.RUNNING);
    assertThat(watching.next().hasChanged()).isTrue();
  }

  @Test
  @Order(3)
  void oneOffTalksToItsCallerAndEndsWithItsCode() throws Exception {
    CompletableFuture<RunOneOffEvent> done = new CompletableFuture<>();
    List<RunOneOffEvent> events = new ArrayList<>();
    StreamObserver<RunOneOffRequest> sending =
        daemon.streaming().runOneOff(TestDaemon.completing(done, events));
    sending.onNext(
        RunOneOffRequest.newBuilder()
            .setSpec(
                InstanceSpec.newBuilder()
                    .setId(InstanceId.newBuilder().setApp("shop").setProcess("run").setRelease(1))
                    .setImage(image)
                    .addAllArgv(List.of("sh", "-c", "cat; id >&2; exit 9")))
            .build());
    sending.onNext(
        RunOneOffRequest.newBuilder().setStdin(ByteString.copyFromUtf8("to cat\n")).build());
    sending.onNext(RunOneOffRequest.newBuilder().setStdinClosed(true).build());
    assertThat(done.get(30, TimeUnit.SECONDS).getExit().getCode()).isEqualTo(9);
    assertThat(text(events, RunOneOffEvent::getStdout)).isEqualTo("to cat\n");
    assertThat(text(events, RunOneOffEvent::getStderr)).contains("uid=1000(app)");
  }

  private static String text(
      List<RunOneOffEvent> events, java.util.function.Function<RunOneOffEvent, ByteString> of) {
    return events.stream().map(e -> of.apply(e).toStringUtf8()).collect(Collectors.joining());
  }

  @Test
  @Order(4)
  void logsAreReadOverTheSocket() {
    Iterator<LogLine> lines =
        call().readLogs(ReadLogsRequest.newBuilder().setApp("shop").setTail(10).build());
    assertThat(lines)
        .toIterable()
        .filteredOn(line -> line.getKind() == LogLine.Kind.OUTPUT)
        .first()
        .extracting(LogLine::getText)
        .isEqualTo("hello from shop");
  }

  @Test
  @Order(5)
  void buildStepBecomesALayer() {
    BuildGraph graph =
        BuildGraph.newBuilder()
            .addNodes(
                Node.newBuilder()
                    .setId("base")
                    .setImage(ImageOp.newBuilder().setRef("test/busybox:1")))
            .addNodes(
                Node.newBuilder()
                    .setId("run")
                    .setTitle("RUN")
                    .setExec(
                        ExecOp.newBuilder()
                            .setInput("base")
                            .addAllArgv(
                                List.of(
                                    "sh",
                                    "-c",
                                    "mkdir /made; echo built >/made/file; ls /etc /run >&2"))
                            .addEnv("PATH=/bin")
                            .setWorkingDir("/")))
            .setOutput("run")
            .build();
    Iterator<SolveEvent> events =
        call()
            .solve(
                SolveRequest.newBuilder()
                    .setApp("shop")
                    .setGraph(graph)
                    .setName("apps/shop:build-1")
                    .setConfig(
                        ImageConfig.newBuilder()
                            .addEnv("PATH=/bin")
                            .addAllCmd(List.of("cat", "/made/file")))
                    .build());
    SolveEvent last = SolveEvent.getDefaultInstance();
    while (events.hasNext()) {
      last = events.next();
    }
    assertThat(last.getImage().getLayersCount()).isEqualTo(2);
  }

  @Test
  @Order(6)
  void problemsComeInTheTrailer() {
    StartInstanceRequest bad =
        StartInstanceRequest.newBuilder()
            .setSpec(server("shop2").toBuilder().setImage("sha256:" + "0".repeat(64)))
            .build();
    assertThatThrownBy(() -> call().startInstance(bad))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> {
              assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
              assertThat(TestDaemon.problem(failed).getCode()).isEqualTo("image.not-found");
            });
  }

  @Test
  @Order(7)
  void otherUsersAreRefused() throws Exception {
    Path socket = folder.resolve("run/runtime/runtime.sock");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    String connect =
        "curl -s -o /dev/null --max-time 5 --http2-prior-knowledge --unix-socket "
            + socket
            + " http://runtime/";
    assertThat(exit("sh", "-c", connect)).as("root is answered").isZero();
    assertThat(exit("setpriv", "--reuid=65534", "--regid=0", "--clear-groups", "sh", "-c", connect))
        .as("another uid of the same group is hung up on")
        .isNotZero();
  }

  private static int exit(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  @Test
  @Order(8)
  void removedAppLeavesNothing() throws Exception {
    RemoveAppRequest request = RemoveAppRequest.newBuilder().setApp("shop").build();
    call().removeApp(request);
    assertThat(call().listInstances(ListInstancesRequest.getDefaultInstance()).getInstancesCount())
        .isZero();
    assertThat(folder.resolve("data/runtime/logs/shop")).doesNotExist();
    assertThat(call().listImages(ListImagesRequest.getDefaultInstance()).getImagesList())
        .allSatisfy(image -> assertThat(image.getNamesList()).isNotEmpty());
    call().removeApp(request);
  }

  @Test
  @Order(9)
  void downLeavesNothingOnTheHostEvenWithoutAnOciRuntime() throws Exception {
    call().startInstance(StartInstanceRequest.newBuilder().setSpec(server("last")).build());
    daemon.hide("/usr/bin/crun", "/usr/sbin/runc");
    daemon.down();
    assertThat(daemon.process().waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(run(List.of("nft", "list", "tables"))).doesNotContain("paas-" + ID + "\n");
    assertThat(run(List.of("ls", "/sys/class/net"))).doesNotContain("v" + ID + "-");
    assertThat(Path.of("/sys/fs/cgroup/memory/paas-" + ID)).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> !run(List.of("ps", "-ef")).contains(folder + "/run/instances"));
  }
}
