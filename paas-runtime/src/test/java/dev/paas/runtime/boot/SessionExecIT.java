package dev.paas.runtime.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.ListInstancesRequest;
import dev.paas.contract.runtime.ListSessionsRequest;
import dev.paas.contract.runtime.Session;
import dev.paas.contract.runtime.SignalSessionRequest;
import dev.paas.contract.runtime.StartInstanceRequest;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.contract.runtime.StopInstanceRequest;
import dev.paas.contract.runtime.StopSessionRequest;
import dev.paas.contract.runtime.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Execs: commands with streams inside an instance, in the real daemon. */
final class SessionExecIT {

  private static final String ID = "rtbx";

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @SuppressWarnings("NullAway.Init")
  private static TestDaemon daemon;

  @SuppressWarnings("NullAway.Init")
  private static Instance shop;

  @SuppressWarnings("NullAway.Init")
  private static String image;

  @BeforeAll
  static void open() throws Exception {
    daemon =
        new TestDaemon(
            ID,
            "10.214.113.0/24",
            """
            uid-ranges = 16
            sweep-interval = "1s"
            execs = 3
            start-limit = "5s"
            [router]
            http = "127.0.0.1:18090"
            """);
    image = daemon.importBusybox();
    shop = server("shop");
  }

  @AfterAll
  static void close() throws Exception {
    daemon.close();
  }

  private static Instance server(String app) {
    daemon
        .call()
        .startInstance(
            StartInstanceRequest.newBuilder()
                .setSpec(
                    InstanceSpec.newBuilder()
                        .setId(
                            InstanceId.newBuilder()
                                .setApp(app)
                                .setProcess("web")
                                .setRelease(1)
                                .setSlot(1))
                        .setImage(image)
                        .addAllArgv(List.of("sh", "-c", "exec httpd -f -p $PORT -h /srv"))
                        .putEnv("GREETING", "hello")
                        .setPort(5000)
                        .setRestart(true))
                .build());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> only(app).getState() == Instance.State.RUNNING);
    return only(app);
  }

  private static Instance only(String app) {
    return daemon
        .call()
        .listInstances(ListInstancesRequest.newBuilder().setApp(app).build())
        .getInstances(0);
  }

  private static StartSessionRequest.Builder exec(Instance inside, String... argv) {
    return StartSessionRequest.newBuilder()
        .setId("x" + NUMBERS.incrementAndGet())
        .setInside(inside.getId())
        .addAllArgv(List.of(argv));
  }

  private static StartSessionRequest.Builder exec(String... argv) {
    return exec(shop, argv);
  }

  private static TestSession start(StartSessionRequest.Builder request) {
    daemon.call().startSession(request.build());
    return TestSession.attach(daemon, request.getId(), 0);
  }

  private static String problem(StartSessionRequest.Builder request) {
    try {
      daemon.call().startSession(request.build());
    } catch (RuntimeException refused) {
      return TestDaemon.problem(refused).getCode();
    }
    throw new AssertionError("it was started");
  }

  @Test
  void execIsAsFarInsideAsTheInstancesOwnProcess() throws Exception {
    TestSession session =
        start(
            exec(
                    "sh",
                    "-c",
                    "cat /proc/self/status /proc/self/cgroup /proc/self/uid_map /proc/self/limits;"
                        + " echo $GREETING $MORE; id")
                .putEnv("MORE", "world"));
    assertThat(session.code()).isZero();
    Path own = Path.of("/proc", Long.toString(httpd()));
    List<String> wanted = new ArrayList<>(Files.readAllLines(own.resolve("uid_map")));
    for (String line : Files.readAllLines(own.resolve("status"))) {
      if (line.matches("(Cap...|NoNewPrivs|Seccomp|Seccomp_filters):.*")) {
        wanted.add(line);
      }
    }
    assertThat(wanted).hasSizeGreaterThan(7);
    for (String line : Files.readAllLines(own.resolve("cgroup"))) {
      if (line.contains("paas-" + ID)) {
        wanted.add(line.replaceAll(":/paas-.*", ":/"));
      }
    }
    Files.readAllLines(own.resolve("limits")).stream()
        .filter(line -> line.startsWith("Max open files") || line.startsWith("Max file size"))
        .forEach(wanted::add);
    assertThat(session.out().lines()).containsAll(wanted);
    assertThat(session.out())
        .contains("uid=1000(app) gid=1000 groups=1000")
        .contains("hello world")
        .contains("Seccomp:\t2")
        .contains("NoNewPrivs:\t1");
  }

  /** The number of the instance's own program on the host. */
  private static long httpd() throws Exception {
    String children = daemon.run(List.of("pgrep", "-P", Long.toString(shop.getPid())));
    return Long.parseLong(children.strip());
  }

  @Test
  void execIsInTheGroupsOfItsInstance() throws Exception {
    TestSession session = start(exec("sh", "-c", "echo ready; exec sleep 1000"));
    session.until("ready");
    String groups = Files.readString(Path.of("/proc", Long.toString(httpd()), "cgroup"));
    List<String> sleeping = daemon.run(List.of("pgrep", "-f", "^sleep 1000$")).lines().toList();
    assertThat(sleeping)
        .anySatisfy(
            pid -> assertThat(Files.readString(Path.of("/proc", pid, "cgroup"))).isEqualTo(groups));
    session.signal(15);
    assertThat(session.code()).isEqualTo(143);
  }

  @Test
  void exitCodesAreThoseOfAShell() throws Exception {
    assertThat(start(exec("sh", "-c", "exit 0")).code()).isZero();
    assertThat(start(exec("sh", "-c", "exit 3")).code()).isEqualTo(3);
    assertThat(start(exec("sh", "-c", "kill -9 $$")).code()).isEqualTo(137);
    assertThat(problem(exec("nosuch"))).isEqualTo("instance.no-such-command");
    for (boolean terminal : new boolean[] {false, true}) {
      StartSessionRequest.Builder request = exec("/etc/passwd");
      if (terminal) {
        request.setTerminal(Terminal.newBuilder().setColumns(80).setRows(24));
      }
      Exit refused = start(request).exit();
      assertThat(refused.getCode()).isEqualTo(126);
      assertThat(refused.getDetail()).isNotEmpty();
    }
  }

  @Test
  void terminalOfAnExecHasItsSizeAndJobs() throws Exception {
    TestSession session =
        start(exec("sh").setTerminal(Terminal.newBuilder().setColumns(132).setRows(43)));
    session.type("busybox stty size; busybox tty\n");
    session.until("43 132");
    session.until("/dev/pts/");
    session.type("sh -c 'echo $((40 + 2)); exec sleep 1000'\n");
    session.until("42\r\n");
    session.type(new byte[] {3});
    session.resize(90, 30);
    session.type("until busybox stty size | grep '^30 90'; do sleep 0.1; done; exit 4\n");
    assertThat(session.code()).isEqualTo(4);
  }

  @Test
  void everyByteGoesInAndComesOut() throws Exception {
    byte[] all = new byte[1 << 20];
    new Random(11).nextBytes(all);
    TestSession session = start(exec("cat").setStdin(true));
    for (int at = 0; at < all.length; at += 50_000) {
      session.type(java.util.Arrays.copyOfRange(all, at, Math.min(at + 50_000, all.length)));
    }
    session.endInput();
    assertThat(session.code()).isZero();
    assertThat(session.bytes()).isEqualTo(all);
  }

  @Test
  void killedDaemonFindsItsExecsAgain() throws Exception {
    StartSessionRequest.Builder request =
        exec(
            "sh",
            "-c",
            "trap 'echo got it; exit 12' USR1; echo ready; while :; do sleep 0.1; done");
    TestSession first = start(request);
    first.until("ready");
    daemon.process().destroyForcibly().waitFor();
    assertThatThrownBy(first::exit).isNotNull();
    daemon.start();
    TestSession second = TestSession.attach(daemon, request.getId(), first.position());
    second.signal(10);
    assertThat(second.code()).isEqualTo(12);
    assertThat(second.out()).isEqualTo("got it\n");
  }

  @Test
  void inputThatNobodyReadsHoldsNeitherOutputNorSignalsBack() throws Exception {
    StartSessionRequest.Builder request =
        exec("sh", "-c", "head -c 1000000 /dev/zero; exec sleep 1000").setStdin(true);
    TestSession session = start(request);
    for (int part = 0; part < 40; part++) {
      session.type(new byte[50_000]);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> session.bytes().length == 1_000_000);
    SignalSessionRequest signal =
        SignalSessionRequest.newBuilder().setId(request.getId()).setSignal(15).build();
    assertThat(daemon.call().signalSession(signal).isInitialized()).isTrue();
    assertThat(session.code()).isEqualTo(143);
    assertThat(daemon.call().signalSession(signal).isInitialized()).as("it has ended").isTrue();
    assertThatThrownBy(
            () -> daemon.call().signalSession(signal.toBuilder().setId("nobody").build()))
        .satisfies(
            failed ->
                assertThat(TestDaemon.problem(failed).getCode()).isEqualTo("session.not-found"));
  }

  @Test
  void execThatADaemonWasKilledInTheStartOfRunsOnce() throws Exception {
    Instance frozen = server("once");
    StartSessionRequest request =
        exec(frozen, "sh", "-c", "echo once >>/tmp/ran; exec sleep 1000").build();
    freeze(frozen, true);
    ListenableFuture<Session> start = daemon.future().startSession(request);
    try {
      // The wrapper is held in the instance's groups: told to begin, and not begun.
      await().until(() -> isHeld(frozen));
      daemon.process().destroyForcibly().waitFor();
      assertThatThrownBy(start::get).isNotNull();
    } finally {
      freeze(frozen, false);
    }
    daemon.start();
    daemon.call().startSession(request);
    await().until(() -> running(request.getId()));
    TestSession seen =
        start(exec(frozen, "sh", "-c", "until grep once /tmp/ran 2>/dev/null; do sleep 0.1; done"));
    assertThat(seen.code()).isZero();
    assertThat(seen.out()).isEqualTo("once\n");
    TestSession session = TestSession.attach(daemon, request.getId(), 0);
    await()
        .until(
            () -> {
              // One that comes before its process is known reaches nobody.
              session.signal(15);
              return !running(request.getId());
            });
    assertThat(session.code()).isEqualTo(143);
  }

  @Test
  void startsThatHangEndAndKeepNobodyElseWaiting() throws Exception {
    Instance stuck = server("stuck");
    freeze(stuck, true);
    List<ListenableFuture<Session>> hanging = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    try {
      for (int number = 0; number < 3; number++) {
        StartSessionRequest request = exec(stuck, "sleep", "1000").build();
        ids.add("\0" + request.getId() + ".exec\0");
        hanging.add(daemon.future().startSession(request));
      }
      await().until(() -> isHeld(stuck));
      StartSessionRequest.Builder run =
          StartSessionRequest.newBuilder()
              .setId("r" + NUMBERS.incrementAndGet())
              .setRun(
                  InstanceSpec.newBuilder()
                      .setId(
                          InstanceId.newBuilder().setApp("stuck").setProcess("run").setRelease(1))
                      .setImage(image)
                      .addAllArgv(List.of("sh", "-c", "exit 7")));
      assertThat(start(run).code()).isEqualTo(7);
      for (ListenableFuture<Session> each : hanging) {
        assertThatThrownBy(each::get)
            .cause()
            .satisfies(
                failed ->
                    assertThat(TestDaemon.problem(failed).getCode())
                        .isEqualTo("instance.start-hangs"));
      }
    } finally {
      freeze(stuck, false);
    }
    // Nothing of them is left, and their places are free.
    assertThat(start(exec(stuck, "sh", "-c", "exit 8")).code()).isEqualTo(8);
    await()
        .until(
            () ->
                ProcessHandle.allProcesses()
                    .map(SessionExecIT::commandLine)
                    .noneMatch(line -> ids.stream().anyMatch(line::contains)));
  }

  private static boolean running(String id) {
    return daemon
        .call()
        .listSessions(ListSessionsRequest.newBuilder().setApp("once").build())
        .getSessionsList()
        .stream()
        .anyMatch(session -> session.getId().equals(id) && !session.hasExit());
  }

  /** Whether something of the host is among the processes of an instance. */
  private static boolean isHeld(Instance instance) throws Exception {
    for (String pid : Files.readAllLines(group(instance).resolve("cgroup.procs"))) {
      if (commandLine(ProcessHandle.of(Long.parseLong(pid)).orElseThrow()).contains("/bin/enter")) {
        return true;
      }
    }
    return false;
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"), ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  private static void freeze(Instance instance, boolean frozen) throws IOException {
    Path group = group(instance);
    Path legacy = group.resolve("freezer.state");
    if (Files.exists(legacy)) {
      Files.writeString(legacy, frozen ? "FROZEN" : "THAWED");
    } else {
      Files.writeString(group.resolve("cgroup.freeze"), frozen ? "1" : "0");
    }
  }

  /** The group by which an instance is frozen. */
  private static Path group(Instance instance) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", instance.getPid() + "", "cgroup"))) {
      String[] fields = line.split(":", 3);
      if (fields[1].equals("freezer")) {
        return Path.of("/sys/fs/cgroup/freezer" + fields[2]);
      }
      if (fields[1].isEmpty() && !fields[2].equals("/")) {
        return Path.of("/sys/fs/cgroup" + fields[2]);
      }
    }
    throw new IOException("in no group that can be frozen");
  }

  @Test
  void portOnTheLoopbackAddressIsReachedFromOutside() throws Exception {
    TestSession server =
        start(exec("sh", "-c", "echo data >/tmp/page; exec httpd -f -p 127.0.0.1:6000 -h /tmp"));
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              TestSession page = TestSession.forward(daemon, shop.getId(), 6000);
              page.type("GET /page HTTP/1.0\r\n\r\n");
              page.endInput();
              assertThat(page.code()).isZero();
              assertThat(page.out()).endsWith("\r\n\r\ndata\n");
            });
    server.signal(15);
    assertThat(server.code()).isEqualTo(143);
    assertThatThrownBy(() -> TestSession.forward(daemon, shop.getId(), 6001).code())
        .cause()
        .satisfies(
            failed ->
                assertThat(TestDaemon.problem(failed).getCode()).isEqualTo("forward.refused"));
    assertThatThrownBy(() -> TestSession.forward(daemon, shop.getId(), 65_536).code())
        .cause()
        .satisfies(
            failed ->
                assertThat(TestDaemon.problem(failed).getCode()).isEqualTo("forward.bad-port"));
  }

  @Test
  void execEndsWithItsInstanceAndAStopEndsIt() throws Exception {
    Instance other = server("other");
    TestSession ends = start(exec(other, "sh", "-c", "echo ready; exec sleep 1000"));
    ends.until("ready");
    StartSessionRequest.Builder stopped = exec(other, "sh", "-c", "trap '' TERM; sleep 1000");
    TestSession killed = start(stopped);
    daemon
        .call()
        .stopSession(
            StopSessionRequest.newBuilder().setId(stopped.getId()).setGraceSeconds(0).build());
    assertThat(killed.code()).isEqualTo(137);
    daemon
        .call()
        .stopInstance(
            StopInstanceRequest.newBuilder().setId(other.getId()).setGraceSeconds(1).build());
    assertThat(ends.code()).isBetween(129, 143);
    assertThat(problem(exec(other, "sh"))).isEqualTo("instance.not-running");
  }

  @Test
  void instanceTakesSoManyExecsAndNoMore() throws Exception {
    Instance third = server("third");
    List<TestSession> running = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      TestSession session = start(exec(third, "sh", "-c", "echo ready; exec sleep 1000"));
      session.until("ready");
      running.add(session);
    }
    assertThat(problem(exec(third, "sh"))).isEqualTo("instance.too-many-execs");
    running.get(0).signal(9);
    assertThat(running.get(0).code()).isEqualTo(137);
    assertThat(start(exec(third, "sh", "-c", "exit 5")).code()).isEqualTo(5);
    assertThat(
            daemon
                .call()
                .listSessions(ListSessionsRequest.newBuilder().setApp("third").build())
                .getSessionsList())
        .hasSize(4)
        .allMatch(session -> session.getExec());
  }
}
