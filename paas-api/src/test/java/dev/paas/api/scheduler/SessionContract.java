package dev.paas.api.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What callers of a scheduler's {@link Sessions} rely on, whoever runs them; in the words of {@link
 * SchedulerContract}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SessionContract {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int PORT = 5000;
  private static final byte[] CTRL_C = {3};

  private int apps;
  private int ids;
  private AppName app = new AppName("talk");

  abstract Scheduler scheduler();

  /** Digest of an image with the command {@code program}. */
  abstract String image();

  /** Ends the scheduler as a kill does, not what it runs. */
  abstract void die() throws Exception;

  abstract void comeBack() throws Exception;

  @BeforeEach
  void nameAnApp() {
    app = new AppName("talk" + ++apps);
  }

  @AfterEach
  void removeTheApp() {
    scheduler().removeApp(app, SOON);
  }

  @Test
  void aRunTellsItsOutputsAndItsExit() throws Exception {
    Session begun =
        got(
            run(
                Optional.empty(),
                "say",
                "hello",
                "complain",
                "oops",
                "tell",
                "GREETING",
                "exit",
                "7"));
    assertThat(begun.exec()).isFalse();
    assertThat(begun.terminal()).isFalse();
    assertThat(begun.instance().app()).isEqualTo(app);
    assertThat(begun.argv()).startsWith("program", "say");

    Heard heard = heard(begun, 0);
    heard.awaitEnd();
    assertThat(heard.session().id()).isEqualTo(begun.id());
    assertThat(heard.text(false)).isEqualTo("hello\nhello\n");
    assertThat(heard.text(true)).isEqualTo("oops\n");
    assertThat(heard.exit().code()).isEqualTo(7);
    assertThat(heard.exit().reason()).isEqualTo(Exit.Reason.EXITED);
    assertThat(only().exit()).map(Exit::code).hasValue(7);
  }

  @Test
  void oneIdIsOneSession() throws Exception {
    SessionSpec spec = apart(Optional.empty(), "say", "once", "wait");
    Session first = got(scheduler().sessions().start(spec));
    Session second = got(scheduler().sessions().start(spec));
    assertThat(second.instance()).isEqualTo(first.instance());
    assertThat(scheduler().sessions().list(app)).hasSize(1);
    assertThat(scheduler().sessions().all()).extracting(Session::id).contains(spec.id());
    assertThat(scheduler().list(app)).as("a session is not an instance").isEmpty();
  }

  @Test
  void inputComesInAndItsEndToo() throws Exception {
    Session begun = got(run(Optional.empty(), "cat", "say", "done", "exit", "5"));
    Heard heard = heard(begun, 0);
    assertThat(got(heard.attachment.stdin("one\n".getBytes(UTF_8)))).isTrue();
    soon().until(() -> heard.text(false).equals("one\n"));
    assertThat(got(heard.attachment.stdinClosed())).isTrue();
    heard.awaitEnd();
    assertThat(heard.text(false)).isEqualTo("one\ndone\n");
    assertThat(heard.exit().code()).isEqualTo(5);
    assertThat(got(heard.attachment.stdin(CTRL_C))).isFalse();
    assertThat(got(heard.attachment.signal(2))).isFalse();
  }

  @Test
  void inputThatMeetsTheEndHidesNothingOfIt() throws Exception {
    for (int round = 0; round < 30; round++) {
      Session begun = got(run(Optional.empty(), "flood", "32", "exit", "5"));
      Heard heard = new Heard(scheduler().sessions().attach(begun.id(), 0), 1);
      boolean takes = true;
      while (takes) {
        heard.ask(1);
        takes = got(heard.attachment.stdin("more\n".getBytes(UTF_8)));
      }
      heard.ask(Long.MAX_VALUE);
      heard.awaitEnd();
      assertThat(heard.failure).as("round %d", round).isNotDone();
      assertThat(heard.bytes(false)).hasSize(32 << 10);
      assertThat(heard.exit().code()).isEqualTo(5);
    }
  }

  @Test
  void whoGetsNoInputReadsItsEnd() throws Exception {
    Session begun =
        got(
            scheduler()
                .sessions()
                .start(
                    new SessionSpec(
                        id(), place("cat", "exit", "4"), Optional.empty(), false, Duration.ZERO)));
    Heard heard = heard(begun, 0);
    heard.awaitEnd();
    assertThat(heard.exit().code()).isEqualTo(4);
  }

  @Test
  void aTerminalHasItsSizeAndHearsOfAnother() throws Exception {
    Session begun = got(run(Optional.of(new TerminalSize(80, 24)), "size", "resized", "exit", "0"));
    assertThat(begun.terminal()).isTrue();
    Heard heard = heard(begun, 0);
    soon().until(() -> heard.text(false).equals("24 80\r\n"));
    assertThat(got(heard.attachment.resize(new TerminalSize(20_000, 30)))).isTrue();
    heard.awaitEnd();
    assertThat(heard.text(false)).isEqualTo("24 80\r\n30 20000\r\n");
  }

  @Test
  void aTerminalHasOneOutputAndTurnsKeysIntoSignals() throws Exception {
    Session begun =
        got(run(Optional.of(new TerminalSize(80, 24)), "say", "one", "complain", "two", "wait"));
    Heard heard = heard(begun, 0);
    soon().until(() -> heard.text(false).equals("one\r\ntwo\r\n"));
    assertThat(got(heard.attachment.stdin(CTRL_C))).isTrue();
    heard.awaitEnd();
    assertThat(heard.exit().code()).isEqualTo(128 + 2);
    assertThat(heard.text(true)).isEmpty();
  }

  @Test
  void aSignalReachesASession() throws Exception {
    Session begun = got(run(Optional.empty(), "say", "ready", "wait"));
    Heard heard = heard(begun, 0);
    soon().until(() -> heard.text(false).equals("ready\n"));
    assertThat(got(heard.attachment.signal(2))).isTrue();
    heard.awaitEnd();
    assertThat(heard.exit().code()).isEqualTo(128 + 2);
  }

  @Test
  void aSignalOfItsOwnReachesASession() throws Exception {
    Session begun = got(run(Optional.empty(), "say", "ready", "wait"));
    Heard heard = heard(begun, 0);
    soon().until(() -> heard.text(false).equals("ready\n"));
    assertThat(got(scheduler().sessions().signal(begun.id(), 2))).isEqualTo(begun.id());
    heard.awaitEnd();
    assertThat(heard.exit().code()).isEqualTo(128 + 2);
  }

  @Test
  void aSessionGoesOnWithoutWhoeverReadIt() throws Exception {
    Session begun = got(run(Optional.empty(), "say", "one", "cat", "say", "two", "exit", "3"));
    Heard first = heard(begun, 0);
    soon().until(() -> first.text(false).equals("one\n"));
    assertThat(first.position()).isEqualTo(4);
    first.leave();
    soon().until(() -> only().attached() == 0);
    assertThat(only().exit()).isEmpty();

    Heard second = heard(begun, first.position());
    Heard beside = heard(begun, 1);
    assertThat(got(second.attachment.stdinClosed())).isTrue();
    second.awaitEnd();
    beside.awaitEnd();
    assertThat(second.text(false)).isEqualTo("two\n");
    assertThat(beside.text(false)).isEqualTo("ne\ntwo\n");
    assertThat(second.exit().code()).isEqualTo(3);
  }

  @Test
  void whoWantsOnlyWhatComesGetsNothingOfThePast() throws Exception {
    Session begun = got(run(Optional.empty(), "say", "past", "cat", "say", "future"));
    Heard first = heard(begun, 0);
    soon().until(() -> first.text(false).equals("past\n"));
    Heard second = heard(begun, Attachment.NOW);
    soon().until(() -> !second.events.isEmpty());
    assertThat(got(second.attachment.stdinClosed())).isTrue();
    second.awaitEnd();
    assertThat(second.text(false)).isEqualTo("future\n");
  }

  @Test
  void aSlowReaderGetsEverythingAndNoMoreThanItAsksFor() throws Exception {
    Session begun = got(run(Optional.empty(), "flood", "4096", "exit", "0"));
    Heard heard = new Heard(scheduler().sessions().attach(begun.id(), 0), 3);
    soon().until(() -> heard.events.size() == 3);
    assertThat(heard.events).hasSize(3);
    heard.ask(Long.MAX_VALUE);
    heard.awaitEnd();
    assertThat(heard.bytes(false)).hasSize(4096 << 10);
  }

  @Test
  void aStopEndsWithTheEndAndKeepsWhatWasSaid() throws Exception {
    Session begun = got(run(Optional.empty(), "say", "ready", "wait"));
    Heard heard = heard(begun, 0);
    soon().until(() -> heard.text(false).equals("ready\n"));
    assertThat(got(scheduler().sessions().stop(begun.id(), GRACE))).isEqualTo(begun.id());
    assertThat(only().exit()).map(Exit::code).hasValue(128 + 15);
    heard.awaitEnd();

    Heard late = heard(begun, 0);
    late.awaitEnd();
    assertThat(late.text(false)).isEqualTo("ready\n");
    assertThat(late.exit().code()).isEqualTo(128 + 15);
    assertThat(got(scheduler().sessions().stop(begun.id(), GRACE))).isEqualTo(begun.id());
    assertThat(got(scheduler().sessions().stop("never0was", GRACE))).isEqualTo("never0was");
  }

  @Test
  void oneThatIgnoresTheStopIsKilled() throws Exception {
    Session begun = got(run(Optional.empty(), "say", "ready", "stay"));
    Heard heard = heard(begun, 0);
    soon().until(() -> heard.text(false).equals("ready\n"));
    got(scheduler().sessions().stop(begun.id(), Duration.ZERO));
    heard.awaitEnd();
    assertThat(heard.exit().code()).isEqualTo(128 + 9);
  }

  @Test
  void oneThatNobodyAttendsEnds() throws Exception {
    Session begun =
        got(
            scheduler()
                .sessions()
                .start(
                    new SessionSpec(
                        id(), place("wait"), Optional.empty(), true, Duration.ofSeconds(1))));
    soon().until(() -> only().isOver());
    heard(begun, 0).awaitEnd();
  }

  @Test
  void anExecRunsInsideAnInstanceAndEndsWithIt() throws Exception {
    InstanceName web = new InstanceName(app, ProcessType.WEB, 1, 1, 0);
    scheduler()
        .start(new InstanceSpec(web, image(), List.of("program", "serve"), env(), PORT, true))
        .get(SOON.toSeconds(), TimeUnit.SECONDS);
    Session begun = got(exec(web, "tell", "GREETING", "tell", "MORE", "exit", "3"));
    assertThat(begun.exec()).isTrue();
    assertThat(begun.instance()).isEqualTo(web);
    Heard heard = heard(begun, 0);
    heard.awaitEnd();
    assertThat(heard.text(false)).isEqualTo("hello\nplease\n");
    assertThat(heard.exit().code()).isEqualTo(3);

    Session second = got(exec(web, "say", "ready", "wait"));
    Heard cut = heard(second, 0);
    soon().until(() -> cut.text(false).equals("ready\n"));
    got(scheduler().stop(web, Duration.ZERO));
    cut.awaitEnd();
    assertThat(cut.exit().code()).isNotZero();
  }

  @Test
  void whatIsRefusedFailsWithTheProblemItself() {
    InstanceName nobody = new InstanceName(app, ProcessType.WEB, 1, 7, 0);
    assertThat(SchedulerContract.refused(exec(nobody, "wait"))).isEqualTo(Kind.NOT_FOUND);
    SessionSpec.Apart nothing =
        new SessionSpec.Apart(
            new InstanceSpec(
                oneOff(), "sha256:" + "0".repeat(64), List.of("true"), env(), 0, false));
    assertThat(
            SchedulerContract.refused(
                scheduler()
                    .sessions()
                    .start(new SessionSpec(id(), nothing, Optional.empty(), true, Duration.ZERO))))
        .isEqualTo(Kind.NOT_FOUND);
    Heard none = new Heard(scheduler().sessions().attach("never0was", 0), 1);
    assertThat(none.awaitFailure().problem().kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(scheduler().sessions().list(app)).isEmpty();
  }

  @Test
  void aRemovedAppHasNoSessionsLeft() throws Exception {
    Session begun = got(run(Optional.empty(), "say", "ready", "wait"));
    Heard heard = heard(begun, 0);
    soon().until(() -> heard.text(false).equals("ready\n"));
    scheduler().removeApp(app, SOON);
    heard.awaitEnd();
    assertThat(scheduler().sessions().list(app)).isEmpty();
  }

  @Test
  void sessionsGoOnWhileTheSchedulerIsAway() throws Exception {
    Session begun = got(run(Optional.empty(), "say", "before", "wait"));
    Heard before = heard(begun, 0);
    soon().until(() -> before.text(false).equals("before\n"));
    die();
    assertThat(before.awaitFailure().problem().kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(SchedulerContract.refused(scheduler().sessions().stop(begun.id(), GRACE)))
        .isEqualTo(Kind.UNAVAILABLE);
    comeBack();
    soon().ignoreExceptions().until(() -> scheduler().sessions().list(app).size() == 1);
    assertThat(only().exit()).isEmpty();
    Heard again = heard(begun, before.position());
    assertThat(got(again.attachment.signal(2))).isTrue();
    again.awaitEnd();
    assertThat(again.text(false)).isEmpty();
    assertThat(again.exit().code()).isEqualTo(130);
  }

  // What the tests are written in.

  private String id() {
    return "s" + app.value() + ++ids;
  }

  private static Map<String, String> env() {
    return Map.of("GREETING", "hello");
  }

  private InstanceName oneOff() {
    return new InstanceName(app, ProcessType.ONE_OFF, 1, 0, 0);
  }

  private SessionSpec.Apart place(String... words) {
    return new SessionSpec.Apart(new InstanceSpec(oneOff(), image(), argv(words), env(), 0, false));
  }

  private static List<String> argv(String... words) {
    List<String> argv = new ArrayList<>(List.of("program"));
    argv.addAll(List.of(words));
    return argv;
  }

  private SessionSpec apart(Optional<TerminalSize> terminal, String... words) {
    return new SessionSpec(id(), place(words), terminal, true, Duration.ZERO);
  }

  private CompletableFuture<Session> run(Optional<TerminalSize> terminal, String... words) {
    return scheduler().sessions().start(apart(terminal, words));
  }

  private CompletableFuture<Session> exec(InstanceName inside, String... words) {
    return scheduler()
        .sessions()
        .start(
            new SessionSpec(
                id(),
                new SessionSpec.Inside(inside, argv(words), Map.of("MORE", "please")),
                Optional.empty(),
                true,
                Duration.ZERO));
  }

  private Session only() {
    List<Session> all = scheduler().sessions().list(app);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private Heard heard(Session session, long position) {
    return new Heard(scheduler().sessions().attach(session.id(), position), Long.MAX_VALUE);
  }

  private static org.awaitility.core.ConditionFactory soon() {
    return SchedulerContract.soon();
  }

  private static <T> T got(CompletableFuture<T> answer) throws Exception {
    return SchedulerContract.got(answer);
  }

  /** Reads a session. */
  private static final class Heard implements Flow.Subscriber<Attachment.Event> {

    private final Attachment attachment;
    private final long first;
    private final List<Attachment.Event> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> reading = new CompletableFuture<>();

    Heard(Attachment attachment, long first) {
      this.attachment = attachment;
      this.first = first;
      attachment.subscribe(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      reading.complete(subscription);
      subscription.request(first);
    }

    @Override
    public void onNext(Attachment.Event event) {
      events.add(event);
    }

    @Override
    public void onError(Throwable failed) {
      failure.complete(failed);
    }

    @Override
    public void onComplete() {
      end.complete(true);
    }

    void ask(long count) {
      reading.join().request(count);
    }

    void leave() {
      reading.join().cancel();
    }

    void awaitEnd() {
      assertThat(end).succeedsWithin(SOON);
      assertThat(events.get(0)).isInstanceOf(Attachment.Attached.class);
      assertThat(events.get(events.size() - 1)).isInstanceOf(Attachment.Ended.class);
    }

    PaasException awaitFailure() {
      assertThat(failure).succeedsWithin(SOON).isInstanceOf(PaasException.class);
      return (PaasException) failure.join();
    }

    Session session() {
      return ((Attachment.Attached) events.get(0)).session();
    }

    Exit exit() {
      return ((Attachment.Ended) events.get(events.size() - 1)).exit();
    }

    long position() {
      long position = 0;
      for (Attachment.Event event : events) {
        position = event instanceof Attachment.Output output ? output.position() : position;
      }
      return position;
    }

    String text(boolean stderr) {
      return new String(bytes(stderr), UTF_8);
    }

    byte[] bytes(boolean stderr) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (Attachment.Event event : events) {
        if (event instanceof Attachment.Output output && output.stderr() == stderr) {
          bytes.writeBytes(output.bytes());
        }
      }
      return bytes.toByteArray();
    }
  }
}
