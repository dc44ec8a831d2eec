package dev.paas.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.*;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Somebody has taken paasd over and talks to the runtime's socket: whatever he says is answered
 * with a problem or stays within bounds, and the daemon that hears it is the same one afterwards.
 */
final class HostileControlIT {

  private static final String ID = "rtbh";
  private static final int RANGES = 6;

  /**
   * On each of three connections: together they are more than the heap and less than this JVM's.
   */
  private static final int LARGE_MESSAGES = 35;

  /** The heap's bound, what is beside it, and some. */
  private static final long MAX_RESIDENT_KIB = 900 << 10;

  @SuppressWarnings("NullAway.Init")
  private static TestDaemon daemon;

  @SuppressWarnings("NullAway.Init")
  private static String image;

  private static long pid;

  @BeforeAll
  static void open() throws Exception {
    daemon =
        new TestDaemon(
            ID,
            "10.214.105.0/24",
            "uid-ranges = "
                + RANGES
                + """

                disk = "64MiB"
                [router]
                http = "127.0.0.1:18089"
                [build]
                max-source = "8MiB"
                max-source-files = 1000
                disk = "64MiB"
                """);
    image = daemon.importBusybox();
    pid = daemonPid();
  }

  private static long daemonPid() throws IOException {
    return Long.parseLong(Files.readString(daemon.folder.resolve("run/runtime/pid")).strip());
  }

  @AfterAll
  static void close() throws Exception {
    daemon.close();
  }

  @AfterEach
  void sameDaemonAnswersAndNothingIsLeft() throws Exception {
    assertThat(daemon.call().getInfo(GetInfoRequest.getDefaultInstance()).getPlatform())
        .isEqualTo(ID);
    assertThat(daemonPid()).isEqualTo(pid);
    assertThat(ProcessHandle.of(pid)).isPresent();
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        assertThat(Long.parseLong(line.replaceAll("\\D", ""))).isLessThan(MAX_RESIDENT_KIB);
      }
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(names("data/runtime/tmp")).isSubsetOf("empty");
              assertThat(names("data/runtime/instances")).isEmpty();
              assertThat(names("run/instances/bundles")).isEmpty();
              assertThat(names("run/instances/records")).isEmpty();
            });
    assertThat(
            daemon
                .call()
                .listInstances(ListInstancesRequest.getDefaultInstance())
                .getInstancesList())
        .isEmpty();
  }

  private static Set<String> names(String below) throws IOException {
    Path folder = daemon.folder.resolve(below);
    // What is mounted in the daemon's own namespace is seen through one of its processes.
    Path seen = Path.of("/proc/" + pid + "/root" + folder);
    Set<String> names = new TreeSet<>();
    try (Stream<Path> all = Files.list(seen)) {
      all.forEach(path -> names.add(String.valueOf(path.getFileName())));
    }
    return names;
  }

  private static InstanceSpec.Builder spec() {
    return InstanceSpec.newBuilder()
        .setId(InstanceId.newBuilder().setApp("shop").setProcess("web").setRelease(1).setSlot(1))
        .setImage(image)
        .addAllArgv(List.of("sleep", "100"));
  }

  private static UnaryOperator<InstanceSpec.Builder> id(Consumer<InstanceId.Builder> change) {
    return spec -> {
      InstanceId.Builder id = spec.getId().toBuilder();
      change.accept(id);
      return spec.setId(id);
    };
  }

  /** What no correct caller asks for. */
  private static List<UnaryOperator<InstanceSpec.Builder>> badSpecs() {
    List<UnaryOperator<InstanceSpec.Builder>> all = new ArrayList<>();
    for (String name :
        List.of("", "..", "../x", "a/b", "A", "a.b", "a\nb", "a\0b", "-a", "x".repeat(300))) {
      all.add(id(id -> id.setApp(name)));
      all.add(id(id -> id.setProcess(name)));
    }
    all.add(id(id -> id.setSlot(-1)));
    all.add(id(id -> id.setSlot(Integer.MAX_VALUE)));
    all.add(id(id -> id.setRelease(-1)));
    all.add(id(id -> id.setGeneration(Long.MIN_VALUE)));
    all.add(
        id(
            id ->
                id.setApp("a".repeat(AppName.MAX_LENGTH))
                    .setProcess("p".repeat(30))
                    .setRelease(Long.MAX_VALUE)
                    .setGeneration(Long.MAX_VALUE)));
    for (String named :
        List.of(
            "", "../../etc", "/etc", "test/busybox:1", "sha256:x", "sha256:" + "f".repeat(64))) {
      all.add(spec -> spec.setImage(named));
    }
    all.add(spec -> spec.addArgv("a\0b"));
    all.add(spec -> spec.addArgv("x".repeat(200_000)));
    all.add(spec -> spec.putEnv("", "x"));
    all.add(spec -> spec.putEnv("A=B", "x"));
    all.add(spec -> spec.putEnv("A\0", "x"));
    all.add(spec -> spec.putEnv("A", "b\0LD_PRELOAD=x"));
    all.add(
        spec -> {
          for (int i = 0; i < 30_000; i++) {
            spec.putEnv("NAME_" + i, "x".repeat(40));
          }
          return spec;
        });
    for (long memory : new long[] {-1, 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      all.add(spec -> spec.setLimits(Limits.newBuilder().setMemoryBytes(memory)));
    }
    for (int number : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      all.add(spec -> spec.setLimits(Limits.newBuilder().setCpuMillis(number)));
      all.add(spec -> spec.setLimits(Limits.newBuilder().setPids(number)));
      all.add(spec -> spec.setPort(number));
    }
    return all;
  }

  private static Problem refused(Consumer<RuntimeGrpc.RuntimeBlockingStub> request) {
    Throwable failed = catchThrowable(() -> request.accept(daemon.call()));
    assertThat(failed).isNotNull();
    Problem problem = TestDaemon.problem(failed);
    assertThat(problem.getCode()).as(problem.toString()).isNotEqualTo("runtime.internal");
    assertThat(problem.getFix()).isNotEmpty();
    return problem;
  }

  @Test
  void absurdInstancesAreRefusedWithAProblem() {
    for (UnaryOperator<InstanceSpec.Builder> bad : badSpecs()) {
      InstanceSpec spec = bad.apply(spec()).build();
      refused(call -> call.startInstance(StartInstanceRequest.newBuilder().setSpec(spec).build()));
      assertThat(TestDaemon.problem(oneOffFailure(spec)).getCode())
          .isNotEqualTo("runtime.internal");
    }
  }

  private static Throwable oneOffFailure(InstanceSpec spec) {
    CompletableFuture<RunOneOffEvent> done = new CompletableFuture<>();
    StreamObserver<RunOneOffRequest> sending =
        daemon.streaming().runOneOff(TestDaemon.completing(done, new ArrayList<>()));
    sending.onNext(RunOneOffRequest.newBuilder().setSpec(spec).build());
    sending.onCompleted();
    Throwable failed = catchThrowable(() -> done.get(30, TimeUnit.SECONDS));
    assertThat(failed).as(spec.getId().toString()).isInstanceOf(ExecutionException.class);
    return Objects.requireNonNull(failed.getCause());
  }

  @Test
  void newlinesInArgumentsAndVariablesAreOnlyText() throws Exception {
    String text = "a\nLD_PRELOAD=/evil\n\"},{\"";
    CompletableFuture<RunOneOffEvent> done = new CompletableFuture<>();
    List<RunOneOffEvent> events = new ArrayList<>();
    StreamObserver<RunOneOffRequest> sending =
        daemon.streaming().runOneOff(TestDaemon.completing(done, events));
    sending.onNext(
        RunOneOffRequest.newBuilder()
            .setSpec(
                spec()
                    .clearArgv()
                    .addAllArgv(List.of("sh", "-c", "echo \"$1|$TEXT|$LD_PRELOAD|\"", "sh", text))
                    .putEnv("TEXT", text))
            .build());
    sending.onCompleted();
    done.get(30, TimeUnit.SECONDS);
    StringBuilder said = new StringBuilder();
    events.forEach(event -> said.append(event.getStdout().toStringUtf8()));
    assertThat(said.toString()).isEqualTo(text + "|" + text + "||\n");
  }

  private static SolveRequest.Builder solving(String app, Node... nodes) {
    return SolveRequest.newBuilder()
        .setApp(app)
        .setName("apps/" + app + ":build-1")
        .setGraph(
            BuildGraph.newBuilder()
                .addAllNodes(List.of(nodes))
                .setOutput(nodes[nodes.length - 1].getId()));
  }

  private static Node base(String ref) {
    return Node.newBuilder().setId("base").setImage(ImageOp.newBuilder().setRef(ref)).build();
  }

  private static ExecOp.Builder exec(String... argv) {
    return ExecOp.newBuilder().setInput("base").addAllArgv(List.of(argv)).addEnv("PATH=/bin");
  }

  private static Node step(ExecOp.Builder exec) {
    return Node.newBuilder().setId("step").setExec(exec).build();
  }

  private static Node copied(CopyOp.Builder copy) {
    return Node.newBuilder().setId("step").setCopy(copy.setInput("base").setFrom("base")).build();
  }

  private static Image solved(SolveRequest request) {
    return solved(daemon.call(), request);
  }

  private static Image solved(RuntimeGrpc.RuntimeBlockingStub call, SolveRequest request) {
    Iterator<SolveEvent> events = call.solve(request);
    SolveEvent last = SolveEvent.getDefaultInstance();
    while (events.hasNext()) {
      last = events.next();
    }
    return last.getImage();
  }

  @Test
  void absurdBuildsAreRefusedWithAProblem() {
    Node busybox = base("test/busybox:1");
    List<SolveRequest.Builder> bad = new ArrayList<>();
    for (String name : List.of("", "..", "a/b", "A")) {
      bad.add(solving("shop", busybox, step(exec("id"))).setApp(name));
    }
    bad.add(solving("shop", busybox, step(exec("id"))).setName("apps/blog:build-1"));
    bad.add(solving("shop", busybox, step(exec("id"))).setName("paas/stack:latest"));
    bad.add(solving("shop", base("../../etc/passwd"), step(exec("id"))));
    bad.add(solving("shop", base("127.0.0.1:1/x:1"), step(exec("id"))));
    bad.add(solving("shop", base("169.254.169.254/latest/meta-data:1"), step(exec("id"))));
    bad.add(solving("shop", busybox, step(exec("echo", "a\0b"))));
    bad.add(solving("shop", busybox, step(exec("echo").addEnv("A=b\0C=d"))));
    bad.add(solving("shop", busybox, step(exec("echo", "x".repeat(200_000)))));
    for (String place : List.of("..", "/../..", "/proc/1", "/sys", "/dev/shm", "x", "/a\0b")) {
      bad.add(solving("shop", busybox, step(exec("id").setWorkingDir(place))));
      bad.add(
          solving(
              "shop",
              busybox,
              step(exec("id").addCaches(CacheMount.newBuilder().setId("x").setTarget(place)))));
    }
    for (String user : List.of("nobody-here", "-1", "99999999999", "../../etc/shadow", "0:x")) {
      bad.add(solving("shop", busybox, step(exec("id").setUser(user))));
    }
    ExecOp.Builder manyCaches = exec("id");
    for (int i = 0; i < 1000; i++) {
      manyCaches.addCaches(CacheMount.newBuilder().setId("c" + i).setTarget("/c" + i));
    }
    bad.add(solving("shop", busybox, step(manyCaches)));
    bad.add(
        solving(
            "shop",
            busybox,
            copied(CopyOp.newBuilder().addSources("../../x").setDestination("/"))));
    CopyOp.Builder manySources = CopyOp.newBuilder().setDestination("/x/");
    for (int i = 0; i < 50_000; i++) {
      manySources.addSources("bin");
    }
    bad.add(solving("shop", busybox, copied(manySources)));
    bad.add(
        solving(
            "shop",
            Node.newBuilder()
                .setId("base")
                .setTree(TreeOp.newBuilder().setDigest("../../etc"))
                .build()));
    Node[] endless = new Node[2000];
    for (int i = 0; i < endless.length; i++) {
      endless[i] = base("test/busybox:1").toBuilder().setId("n" + i).build();
    }
    bad.add(solving("shop", endless));
    bad.add(solving("shop", step(exec("id").setInput("step"))));
    for (SolveRequest.Builder request : bad) {
      refused(call -> solved(call, request.build()));
    }
  }

  @Test
  void imageOfAnotherAppOpensToNobody() {
    Image own =
        solved(solving("blog", base("test/busybox:1"), step(exec("touch", "/secret"))).build());
    for (String ref : List.of("apps/blog:build-1", own.getDigest(), "x@" + own.getDigest())) {
      Problem problem =
          refused(call -> solved(call, solving("shop", base(ref), step(exec("ls"))).build()));
      assertThat(problem.getCode()).isEqualTo("image.not-found");
    }
    InstanceSpec foreign = spec().setImage(own.getDigest()).build();
    assertThat(
            refused(
                    call ->
                        call.startInstance(
                            StartInstanceRequest.newBuilder().setSpec(foreign).build()))
                .getCode())
        .isEqualTo("image.not-found");
    assertThat(TestDaemon.problem(oneOffFailure(foreign)).getCode()).isEqualTo("image.not-found");
    remove("blog");
  }

  private static void remove(String app) {
    var unused = daemon.call().removeApp(RemoveAppRequest.newBuilder().setApp(app).build());
  }

  @Test
  void treeThatNeverEndsIsCutOff() throws Exception {
    CompletableFuture<PutTreeResponse> done = new CompletableFuture<>();
    StreamObserver<PutTreeRequest> sending =
        daemon.streaming().putTree(TestDaemon.completing(done, new ArrayList<>()));
    PutTreeRequest zeros =
        PutTreeRequest.newBuilder().setData(ByteString.copyFrom(new byte[1 << 18])).build();
    for (int i = 0; i < 200 && !done.isDone(); i++) {
      sending.onNext(zeros);
    }
    Throwable failed = catchThrowable(() -> done.get(30, TimeUnit.SECONDS));
    assertThat(TestDaemon.problem(Objects.requireNonNull(failed.getCause())).getCode())
        .isEqualTo("image.bad-archive");
  }

  @Test
  void failedStartsTakeNoRangeOfIdsAndRangesComeBack() {
    for (int i = 0; i < 2 * RANGES; i++) {
      InstanceSpec nowhere =
          spec()
              .setId(spec().getId().toBuilder().setApp("app" + i))
              .setImage("sha256:" + "0".repeat(64))
              .build();
      refused(
          call -> call.startInstance(StartInstanceRequest.newBuilder().setSpec(nowhere).build()));
    }
    List<String> apps = new ArrayList<>();
    Throwable full = null;
    while (full == null) {
      String app = "range" + apps.size();
      full =
          catchThrowable(
              () ->
                  solved(
                      solving(app, base("test/busybox:1"), step(exec("touch", "/" + app)))
                          .build()));
      apps.add(app);
    }
    assertThat(TestDaemon.problem(full).getCode()).isEqualTo("runtime.no-uid-range");
    assertThat(apps.size()).isBetween(RANGES - 2, RANGES + 1);
    apps.forEach(HostileControlIT::remove);
    assertThat(
            solved(solving("again", base("test/busybox:1"), step(exec("touch", "/again"))).build())
                .getDigest())
        .startsWith("sha256:");
    remove("again");
  }

  @Test
  void removedAppTakesItsOneOffProcessesAlong() throws Exception {
    CompletableFuture<RunOneOffEvent> done = new CompletableFuture<>();
    List<RunOneOffEvent> events = new ArrayList<>();
    StreamObserver<RunOneOffRequest> sending =
        daemon.streaming().runOneOff(TestDaemon.completing(done, events));
    sending.onNext(RunOneOffRequest.newBuilder().setSpec(spec()).build());
    await().atMost(Duration.ofSeconds(20)).until(() -> !events.isEmpty());
    remove("shop");
    // It has got the signal however early that came, and did not have to be killed.
    assertThat(done.get(20, TimeUnit.SECONDS).getExit().getCode()).isEqualTo(143);
  }

  /** Before anything is made, while it is made, at its first instruction, when it runs. */
  @Test
  void removalMeetsAOneOffProcessInEveryPhaseOfItsStart() throws Exception {
    for (int millis = 0; millis < 240; millis += 12) {
      CompletableFuture<RunOneOffEvent> done = new CompletableFuture<>();
      List<RunOneOffEvent> events = new CopyOnWriteArrayList<>();
      StreamObserver<RunOneOffRequest> sending =
          daemon.streaming().runOneOff(TestDaemon.completing(done, events));
      sending.onNext(RunOneOffRequest.newBuilder().setSpec(spec()).build());
      // The phase is the variable of this test.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
      remove("shop");
      await().atMost(Duration.ofSeconds(20)).until(() -> done.isDone() || !events.isEmpty());
      if (!ended(done)) {
        // The removal was over before it began: then the next one finds it.
        remove("shop");
        assertThat(ended(done)).as("removed %d ms after it was asked for", millis).isTrue();
      }
    }
  }

  /** In its own way, or refused; not killed. */
  private static boolean ended(CompletableFuture<RunOneOffEvent> done) throws Exception {
    try {
      assertThat(done.get(2, TimeUnit.SECONDS).getExit().getCode()).isEqualTo(143);
      return true;
    } catch (ExecutionException refused) {
      Throwable cause = Objects.requireNonNull(refused.getCause());
      assertThat(TestDaemon.problem(cause).getCode()).isEqualTo("instance.app-removed");
      return true;
    } catch (TimeoutException runs) {
      return false;
    }
  }

  @Test
  void thousandsOfStreamsAreBoundedAndLeaveRoomAfterwards() {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    List<ManagedChannel> channels = new ArrayList<>();
    for (int connection = 0; connection < 12; connection++) {
      ManagedChannel channel = daemon.connect();
      channels.add(channel);
      RuntimeGrpc.RuntimeStub stub =
          RuntimeGrpc.newStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
      for (int i = 0; i < 200; i++) {
        open.incrementAndGet();
        if (i % 2 == 0) {
          stub.readLogs(
              ReadLogsRequest.newBuilder().setApp("shop").setFollow(true).build(),
              counting(open, refused));
        } else {
          stub.watchInstances(WatchInstancesRequest.getDefaultInstance(), counting(open, refused));
        }
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> refused.get() > 1000);
    assertThat(daemon.process().isAlive()).isTrue();
    channels.forEach(ManagedChannel::shutdownNow);
    await().atMost(Duration.ofSeconds(30)).until(() -> open.get() == 0);
    remove("shop");
  }

  private static <T> StreamObserver<T> counting(AtomicInteger open, AtomicInteger refused) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        // Only the end counts.
      }

      @Override
      public void onError(Throwable failed) {
        open.decrementAndGet();
        refused.incrementAndGet();
      }

      @Override
      public void onCompleted() {
        open.decrementAndGet();
      }
    };
  }

  @Test
  void manyLargeMessagesDoNotExhaustTheHeap() {
    InstanceSpec large = spec().setImage("nothing").addArgv("x".repeat(3_900_000)).build();
    StartInstanceRequest request = StartInstanceRequest.newBuilder().setSpec(large).build();
    AtomicInteger open = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    List<ManagedChannel> channels = List.of(daemon.connect(), daemon.connect(), daemon.connect());
    for (ManagedChannel channel : channels) {
      for (int i = 0; i < LARGE_MESSAGES; i++) {
        open.incrementAndGet();
        RuntimeGrpc.newStub(channel).startInstance(request, counting(open, refused));
      }
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> open.get() == 0);
    assertThat(refused.get()).isEqualTo(channels.size() * LARGE_MESSAGES);
    channels.forEach(ManagedChannel::shutdownNow);
  }

  @Test
  void messageBeyondTheBoundIsRefused() {
    StartInstanceRequest request =
        StartInstanceRequest.newBuilder().setSpec(spec().addArgv("x".repeat(20_000_000))).build();
    Throwable failed = catchThrowable(() -> daemon.call().startInstance(request));
    assertThat(failed).isInstanceOf(StatusRuntimeException.class);
  }
}
