package dev.paas.runtime.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.*;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
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
  private static final List<String> APPLETS =
      List.of("sh", "cat", "echo", "sleep", "httpd", "id", "wc", "grep", "mkdir", "ls");

  @SuppressWarnings("NullAway.Init")
  private static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static Process daemon;

  @SuppressWarnings("NullAway.Init")
  private static EpollEventLoopGroup loop;

  @SuppressWarnings("NullAway.Init")
  private static ManagedChannel channel;

  @SuppressWarnings("NullAway.Init")
  private static String image;

  @BeforeAll
  static void open() throws Exception {
    folder = Files.createTempDirectory("paas-" + ID + "-");
    for (String made : List.of(".", "data", "data/runtime", "run", "bin", "lib", "lib/runtime")) {
      Path path = folder.resolve(made).normalize();
      Files.createDirectories(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    }
    Files.writeString(
        folder.resolve("paas.toml"),
        String.format(
            """
            [platform]
            id = "%s"
            data = "%s/data"
            run = "%s/run"
            control-user = "0"
            [runtime]
            network = "10.214.103.0/24"
            uid-ranges = 16
            restart-backoff-min = "50ms"
            [router]
            http = "127.0.0.1:18088"
            """,
            ID, folder, folder));
    Files.copy(
        Path.of("src/main/dist/paas-runtimed").toAbsolutePath(),
        folder.resolve("bin/paas-runtimed"));
    folder.resolve("bin/paas-runtimed").toFile().setExecutable(true);
    layOutClassPath();
    start();
    connect();
    image = importBusybox();
  }

  private static void layOutClassPath() throws Exception {
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Path from = Path.of(entry).toAbsolutePath();
      Path to = folder.resolve("lib/runtime/" + number++ + ".jar");
      if (entry.endsWith(".jar")) {
        Files.createSymbolicLink(to, from);
      } else if (Files.isDirectory(from)) {
        run(List.of("jar", "cf", to.toString(), "-C", from.toString(), "."));
      }
    }
  }

  private static String run(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PAAS_CONFIG", folder.resolve("paas.toml").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(folder.resolve("bin/paas-runtimed").toString());
    builder.environment().put("PAAS_CONFIG", folder.resolve("paas.toml").toString());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    daemon = builder.start();
  }

  private static void connect() {
    loop = new EpollEventLoopGroup(1);
    channel =
        NettyChannelBuilder.forAddress(
                new DomainSocketAddress(folder.resolve("run/runtime/runtime.sock").toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .usePlaintext()
            .build();
  }

  private static RuntimeGrpc.RuntimeBlockingStub call() {
    return RuntimeGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() throws Exception {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    System.out.println(Files.readString(folder.resolve("log")));
    run(List.of(folder.resolve("bin/paas-runtimed").toString(), "--down"));
    run(List.of("rm", "-rf", folder.toString()));
  }

  private static String importBusybox() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String name : List.of("bin/", "etc/", "srv/", "tmp/")) {
        tar.putArchiveEntry(new TarArchiveEntry(name));
        tar.closeArchiveEntry();
      }
      byte[] busybox = Files.readAllBytes(Path.of("/bin/busybox"));
      TarArchiveEntry program = new TarArchiveEntry("bin/busybox");
      program.setMode(0755);
      program.setSize(busybox.length);
      tar.putArchiveEntry(program);
      tar.write(busybox);
      tar.closeArchiveEntry();
      for (String applet : APPLETS) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarArchiveEntry.LF_SYMLINK);
        link.setLinkName("busybox");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
      byte[] passwd = "root:x:0:0::/:/bin/sh\napp:x:1000:1000::/tmp:/bin/sh\n".getBytes(UTF_8);
      TarArchiveEntry users = new TarArchiveEntry("etc/passwd");
      users.setSize(passwd.length);
      tar.putArchiveEntry(users);
      tar.write(passwd);
      tar.closeArchiveEntry();
    }
    CompletableFuture<Image> done = new CompletableFuture<>();
    StreamObserver<ImportImageRequest> sending =
        RuntimeGrpc.newStub(channel)
            .withWaitForReady()
            .importImage(completing(done, new ArrayList<>()));
    sending.onNext(
        ImportImageRequest.newBuilder()
            .setHeader(
                ImportImageRequest.Header.newBuilder()
                    .setName("test/busybox:1")
                    .setConfig(
                        ImageConfig.newBuilder().addEnv("PATH=/bin").setUser("app").addCmd("id")))
            .build());
    byte[] all = bytes.toByteArray();
    for (int at = 0; at < all.length; at += 60_000) {
      sending.onNext(
          ImportImageRequest.newBuilder()
              .setData(ByteString.copyFrom(all, at, Math.min(60_000, all.length - at)))
              .build());
    }
    sending.onCompleted();
    return done.get(60, TimeUnit.SECONDS).getDigest();
  }

  private static <T> StreamObserver<T> completing(CompletableFuture<T> last, List<T> all) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        all.add(value);
      }

      @Override
      public void onError(Throwable failed) {
        last.completeExceptionally(failed);
      }

      @Override
      public void onCompleted() {
        last.complete(all.get(all.size() - 1));
      }
    };
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
  void doctorFindsNothingToMend() {
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
    daemon.destroyForcibly().waitFor();
    new java.net.Socket(before.getAddress(), 5000).close();
    start();
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
        RuntimeGrpc.newStub(channel).runOneOff(completing(done, events));
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
    assertThat(lines.next().getText()).isEqualTo("hello from shop");
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
              Metadata trailers = java.util.Objects.requireNonNull(failed.getTrailers());
              byte[] problem =
                  java.util.Objects.requireNonNull(
                      trailers.get(
                          Metadata.Key.of("paas-problem-bin", Metadata.BINARY_BYTE_MARSHALLER)));
              assertThat(new String(problem, UTF_8)).contains("image.not-found");
            });
  }

  @Test
  @Order(7)
  void strangersAreRefused() throws Exception {
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
  void downLeavesNothingOnTheHost() throws Exception {
    call().startInstance(StartInstanceRequest.newBuilder().setSpec(server("last")).build());
    run(List.of(folder.resolve("bin/paas-runtimed").toString(), "--down"));
    assertThat(daemon.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(run(List.of("nft", "list", "tables"))).doesNotContain("paas-" + ID + "\n");
    assertThat(run(List.of("ls", "/sys/class/net"))).doesNotContain("v" + ID + "-");
    assertThat(Path.of("/sys/fs/cgroup/memory/paas-" + ID)).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> !run(List.of("ps", "-ef")).contains(folder + "/run/instances"));
  }
}
