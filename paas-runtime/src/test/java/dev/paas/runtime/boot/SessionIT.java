package dev.paas.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.ListSessionsRequest;
import dev.paas.contract.runtime.RemoveAppRequest;
import dev.paas.contract.runtime.Session;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.contract.runtime.StopSessionRequest;
import dev.paas.contract.runtime.Terminal;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs with streams, in the real daemon, over its socket. */
final class SessionIT {

  private static final String ID = "rtbt";

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @SuppressWarnings("NullAway.Init")
  private static TestDaemon daemon;

  @SuppressWarnings("NullAway.Init")
  private static String image;

  @BeforeAll
  static void open() throws Exception {
    daemon =
        new TestDaemon(
            ID,
            "10.214.112.0/24",
            """
            uid-ranges = 16
            session-output = "2MiB"
            sweep-interval = "1s"
            [router]
            http = "127.0.0.1:18089"
            """);
    image = daemon.importBusybox();
  }

  @AfterAll
  static void close() throws Exception {
    daemon.close();
  }

  private static StartSessionRequest.Builder run(String... argv) {
    return StartSessionRequest.newBuilder()
        .setId("s" + NUMBERS.incrementAndGet())
        .setRun(
            InstanceSpec.newBuilder()
                .setId(InstanceId.newBuilder().setApp("shop").setProcess("run").setRelease(1))
                .setImage(image)
                .addAllArgv(List.of(argv)));
  }

  private static StartSessionRequest.Builder atTerminal(String... argv) {
    return run(argv).setTerminal(Terminal.newBuilder().setColumns(80).setRows(24));
  }

  private static TestSession start(StartSessionRequest.Builder request) {
    Session session = daemon.call().startSession(request.build());
    return TestSession.attach(daemon, session.getId(), 0);
  }

  private static Session listed(String id) {
    return daemon
        .call()
        .listSessions(ListSessionsRequest.newBuilder().setApp("shop").build())
        .getSessionsList()
        .stream()
        .filter(session -> session.getId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void bothOutputsAndTheExitCodeCome() throws Exception {
    TestSession session = start(run("sh", "-c", "echo out; echo err >&2; id; exit 3"));
    assertThat(session.code()).isEqualTo(3);
    assertThat(session.out()).startsWith("out\n").contains("uid=1000(app)");
    assertThat(session.err()).isEqualTo("err\n");
  }

  @Test
  void exitCodesAreThoseOfAShell() throws Exception {
    assertThat(start(run("sh", "-c", "exit 0")).code()).isZero();
    assertThat(start(run("/etc/passwd")).code()).isEqualTo(126);
    assertThat(start(run("sh", "-c", "nosuch")).code()).isEqualTo(127);
    Exit ended = start(run("sh", "-c", "kill -TERM $$")).exit();
    assertThat(ended.getCode()).isEqualTo(143);
    assertThat(ended.getReason()).isEqualTo(Exit.Reason.SIGNALLED);
  }

  @Test
  void commandThatTheImageLacksIsSaidBeforeAnythingStarts() {
    assertThatThrownBy(() -> daemon.call().startSession(run("nosuch").build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failed -> {
              assertThat(TestDaemon.problem(failed).getCode())
                  .isEqualTo("instance.no-such-command");
              assertThat(TestDaemon.problem(failed).getWhat())
                  .isEqualTo("The image has no command");
            });
  }

  @Test
  void terminalHasItsSizeAndHearsOfAnother() throws Exception {
    TestSession session =
        start(
            atTerminal(
                "sh",
                "-c",
                "busybox tty; busybox stty size; trap 'busybox stty size; exit 7' WINCH; echo"
                    + " ready; while :; do sleep 0.1; done"));
    session.until("ready");
    assertThat(session.out()).contains("/dev/pts/").contains("24 80");
    for (int columns = 1; columns <= 300; columns++) {
      session.resize(columns, 1);
    }
    // What busybox tells of sizes: below two and from 30,000 on it says 80 and 24 instead.
    session.resize(65_535, 65_535);
    session.resize(29_999, 2);
    assertThat(session.code()).isEqualTo(7);
    assertThat(session.out()).containsPattern("ready\r\n(2|24) \\d+\r\n$");
  }

  @Test
  void sizeThatCannotBeIsRefused() {
    StartSessionRequest none =
        atTerminal("sh").setTerminal(Terminal.newBuilder().setColumns(0).setRows(24)).build();
    assertThatThrownBy(() -> daemon.call().startSession(none))
        .satisfies(
            failed ->
                assertThat(TestDaemon.problem(failed).getCode()).isEqualTo("session.bad-request"));
  }

  @Test
  void lastOfManySizesCounts() throws Exception {
    TestSession session = start(atTerminal("sh"));
    for (int size = 1; size <= 1000; size++) {
      session.resize(size, size);
    }
    session.resize(132, 43);
    session.type("until busybox stty size | grep '^43 132'; do sleep 0.1; done; exit 5\n");
    assertThat(session.code()).isEqualTo(5);
  }

  @Test
  void interruptCharacterEndsTheProgram() throws Exception {
    TestSession session = start(atTerminal("sh", "-c", "echo ready; exec sleep 1000"));
    session.until("ready");
    session.type(new byte[] {3});
    assertThat(session.code()).isEqualTo(130);
  }

  @Test
  void shellAtATerminalHasJobs() throws Exception {
    TestSession session = start(atTerminal("sh").putEnv("TERM", "xterm").putEnv("PS1", "mine> "));
    session.until("mine> ");
    session.type("sh -c 'echo $((40 + 2)); exec sleep 1000'\n");
    session.until("42\r\n");
    session.type(new byte[] {26});
    session.until("Stopped");
    // The shell has the terminal again when it asks for the next command.
    session.until("mine> ", "Stopped");
    // A shell that has not seen yet that the job is gone warns once, and ends when asked again.
    session.type("kill -9 %1; echo $TERM; exit 9\nexit 9\n");
    assertThat(session.code()).isEqualTo(9);
    assertThat(session.out()).contains("xterm");
  }

  @Test
  void endOfInputIsTypedAtATerminal() throws Exception {
    TestSession session = start(atTerminal("sh", "-c", "echo ready; cat; exit 6"));
    session.until("ready");
    session.endInput();
    assertThat(session.code()).isEqualTo(6);
  }

  @Test
  void signalsReachTheProgram() throws Exception {
    TestSession session =
        start(run("sh", "-c", "trap 'exit 9' USR1; echo ready; while :; do sleep 0.1; done"));
    session.until("ready");
    session.signal(10);
    assertThat(session.code()).isEqualTo(9);
  }

  @Test
  void everyByteGoesInAndComesOut() throws Exception {
    byte[] all = new byte[1 << 20];
    new Random(7).nextBytes(all);
    StartSessionRequest.Builder request = run("cat").setStdin(true);
    TestSession session = start(request);
    for (int at = 0; at < all.length; at += 50_000) {
      session.type(java.util.Arrays.copyOfRange(all, at, Math.min(at + 50_000, all.length)));
    }
    session.endInput();
    assertThat(session.code()).isZero();
    assertThat(session.bytes()).isEqualTo(all);
    TestSession later = TestSession.attach(daemon, request.getId(), 0);
    assertThat(later.code()).isZero();
    assertThat(later.bytes()).isEqualTo(all);
    TestSession rest = TestSession.attach(daemon, request.getId(), all.length - 1000);
    assertThat(rest.code()).isZero();
    assertThat(rest.bytes())
        .isEqualTo(java.util.Arrays.copyOfRange(all, all.length - 1000, all.length));
  }

  @Test
  void commandWithoutInputReadsItsEnd() throws Exception {
    assertThat(start(run("sh", "-c", "cat; exit 4")).code()).isEqualTo(4);
  }

  @Test
  void slowReaderHoldsTheCommandBackAndMissesNothing() throws Exception {
    StartSessionRequest.Builder request =
        run("sh", "-c", "busybox dd if=/dev/zero bs=1M count=20 2>/dev/null; echo end >&2");
    daemon.call().startSession(request.build());
    TestSession session = TestSession.attach(daemon, request.getId(), 0, true);
    await().until(() -> listed(request.getId()).getAttached() == 1);
    // It goes on in the meantime with what another one does.
    assertThat(start(run("sh", "-c", "exit 6")).code()).isEqualTo(6);
    assertThat(listed(request.getId()).hasExit()).isFalse();
    session.readOn();
    assertThat(session.code()).isZero();
    assertThat(session.bytes()).hasSize(20 << 20);
    assertThat(session.err()).isEqualTo("end\n");
    assertThat(session.dropped()).isZero();
    TestSession later = TestSession.attach(daemon, request.getId(), 0);
    assertThat(later.code()).isZero();
    assertThat(later.dropped()).isPositive();
    assertThat(later.dropped() + later.bytes().length + later.err().length())
        .isEqualTo((20 << 20) + 4L);
  }

  @Test
  void detachedCommandGoesOnAndNothingIsLost() throws Exception {
    StartSessionRequest.Builder request =
        run("sh", "-c", "echo one; read -r line; echo $line; exit 2").setStdin(true);
    TestSession first = start(request);
    first.until("one\n");
    first.detach();
    await().until(() -> listed(request.getId()).getAttached() == 0);
    TestSession second = TestSession.attach(daemon, request.getId(), first.position());
    TestSession third = TestSession.attach(daemon, request.getId(), -1);
    await().until(() -> listed(request.getId()).getAttached() == 2);
    second.type("two\n");
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.out()).isEqualTo("two\n");
    assertThat(third.code()).isEqualTo(2);
    assertThat(third.out()).isEqualTo("two\n");
    assertThat(listed(request.getId()).getExit().getCode()).isEqualTo(2);
  }

  @Test
  void killedDaemonLosesNoLineOfARun() throws Exception {
    StartSessionRequest.Builder request =
        atTerminal(
            "sh",
            "-c",
            "for i in $(busybox seq 1500); do echo line $i; busybox usleep 1000; done; echo all;"
                + " read -r l; exit 8");
    TestSession first = start(request);
    first.until("line 100\r\n");
    daemon.process().destroyForcibly().waitFor();
    assertThatThrownBy(first::exit).isNotNull();
    assertThat(first.out()).doesNotContain("all");
    daemon.start();
    TestSession second = TestSession.attach(daemon, request.getId(), first.position());
    second.until("all\r\n");
    second.type("\n");
    assertThat(second.code()).isEqualTo(8);
    String lines =
        IntStream.rangeClosed(1, 1500)
            .mapToObj(number -> "line " + number + "\r\n")
            .collect(Collectors.joining());
    assertThat(first.out() + second.out()).startsWith(lines + "all\r\n");
    daemon.process().destroyForcibly().waitFor();
    daemon.start();
    assertThat(listed(request.getId()).getExit().getCode()).isEqualTo(8);
    TestSession third = TestSession.attach(daemon, request.getId(), 0);
    assertThat(third.code()).isEqualTo(8);
    assertThat(third.out()).startsWith(lines);
  }

  @Test
  void endThatNoDaemonSawIsFoundByTheNext() throws Exception {
    StartSessionRequest.Builder request =
        run("sh", "-c", "trap 'exit 11' USR1; echo ready; while :; do sleep 0.1; done");
    start(request).until("ready");
    String container = "shop.run.v1." + listed(request.getId()).getInstance().getSlot() + ".g0";
    daemon.process().destroyForcibly().waitFor();
    String pid = inNamespace("cat", "run/instances/bundles/" + container + ".session/pid").strip();
    daemon.run(List.of("kill", "-USR1", pid));
    await().until(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    daemon.start();
    assertThat(TestSession.attach(daemon, request.getId(), 0).code()).isEqualTo(11);
  }

  /** Runs a program where the daemon's folders are mounted. */
  private static String inNamespace(String program, String path) throws Exception {
    return daemon.run(
        List.of(
            "nsenter",
            "--mount=" + daemon.folder.resolve("run/runtime/namespace/mnt"),
            program,
            daemon.folder.resolve(path).toString()));
  }

  @Test
  void startedTwiceIsStartedOnce() throws Exception {
    StartSessionRequest request = run("sh", "-c", "echo once").build();
    Session first = daemon.call().startSession(request);
    Session second = daemon.call().startSession(request);
    assertThat(second.getInstance()).isEqualTo(first.getInstance());
    assertThat(TestSession.attach(daemon, request.getId(), 0).exit().getCode()).isZero();
  }

  @Test
  void stopEndsItAndItsOutputIsKept() throws Exception {
    StartSessionRequest.Builder request =
        atTerminal("sh", "-c", "echo ready; trap '' TERM HUP; while :; do sleep 1; done");
    TestSession session = start(request);
    session.until("ready");
    StopSessionRequest stop =
        StopSessionRequest.newBuilder().setId(request.getId()).setGraceSeconds(1).build();
    daemon.call().stopSession(stop);
    assertThat(session.code()).isEqualTo(137);
    daemon.call().stopSession(stop);
    daemon.call().stopSession(StopSessionRequest.newBuilder().setId("unknown").build());
    TestSession later = TestSession.attach(daemon, request.getId(), 0);
    assertThat(later.code()).isEqualTo(137);
    assertThat(later.out()).contains("ready");
  }

  @Test
  void runEndsAtItsLimitAndWhenNobodyIsThere() throws Exception {
    TestSession limited = start(run("sleep", "1000").setLimitSeconds(1));
    assertThat(limited.code()).isEqualTo(143);
    StartSessionRequest.Builder lonely = run("sleep", "1000").setUnattendedSeconds(1);
    daemon.call().startSession(lonely.build());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> listed(lonely.getId()).getExit().getCode() == 143);
  }

  @Test
  void removedAppHasNoSessionsLeft() throws Exception {
    StartSessionRequest.Builder request = run("sleep", "1000");
    request.getRunBuilder().getIdBuilder().setApp("gone");
    TestSession session = start(request);
    daemon.call().removeApp(RemoveAppRequest.newBuilder().setApp("gone").build());
    assertThat(session.code()).isEqualTo(143);
    assertThat(
            daemon
                .call()
                .listSessions(ListSessionsRequest.newBuilder().setApp("gone").build())
                .getSessionsCount())
        .isZero();
    assertThat(daemon.folder.resolve("data/runtime/sessions/" + request.getId())).doesNotExist();
  }
}
