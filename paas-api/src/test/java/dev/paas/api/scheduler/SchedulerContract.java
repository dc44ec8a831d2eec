package dev.paas.api.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.paas.api.scheduler.Instance.State;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem.Kind;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What callers of a {@link Scheduler} rely on, whoever it is. One scheduler serves all tests of a
 * class; each test has an app of its own.
 *
 * <p>What instances do is said in the words of the script {@code program}, which lies beside the
 * fakes and is in the image that an implementation of this contract brings along.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SchedulerContract {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int PORT = 5000;
  private static final String NO_IMAGE = "sha256:" + "0".repeat(64);

  private int apps;
  private AppName app = new AppName("shop");

  abstract Scheduler scheduler();

  /** Digest of an image with the command {@code program}. */
  abstract String image();

  /** Ends the scheduler as a kill does, not its instances. */
  abstract void die() throws Exception;

  abstract void comeBack() throws Exception;

  @BeforeEach
  void nameAnApp() {
    app = new AppName("shop" + ++apps);
  }

  @AfterEach
  void removeTheApp() {
    scheduler().removeApp(app, SOON);
  }

  @Test
  void aStartedInstanceIsListedAndRunsOnceItListens() throws Exception {
    Instance answer = got(scheduler().start(spec(web(1), "serve")));
    assertThat(answer.name()).isEqualTo(web(1));
    assertThat(answer.state()).isIn(State.STARTING, State.RUNNING);

    Instance running = awaitState(web(1), State.RUNNING);
    assertThat(running.pid()).isPositive();
    assertThat(running.address()).isNotEmpty();
    assertThat(running.port()).isEqualTo(PORT);
    assertThat(running.listening()).contains(PORT);
    assertThat(running.startedAt()).isPresent();
    assertThat(running.restarts()).isZero();
    assertThat(running.lastExit()).isEmpty();
    assertThat(running.memoryLimitBytes()).isPositive();
  }

  @Test
  void oneThatListensElsewhereDoesNotRun() throws Exception {
    got(scheduler().start(spec(web(1), "listen", "3000")));
    soon().until(() -> only().listening().contains(3000));
    assertThat(only().state()).isEqualTo(State.STARTING);
  }

  @Test
  void oneWithoutAPortRunsAtOnce() throws Exception {
    InstanceName worker = new InstanceName(app, new ProcessType("worker"), 1, 1, 0);
    got(scheduler().start(spec(worker, 0, true, "wait")));
    assertThat(awaitState(worker, State.RUNNING).isRoutable()).isFalse();
  }

  @Test
  void anInstanceIsStartedOnceHoweverOftenItIsAskedFor() throws Exception {
    CompletableFuture<Instance> first = scheduler().start(spec(web(1), "serve"));
    CompletableFuture<Instance> second = scheduler().start(spec(web(1), "serve"));
    got(first);
    got(second);
    int pid = awaitState(web(1), State.RUNNING).pid();

    Instance there = got(scheduler().start(spec(web(1), "exit", "1")));
    assertThat(there.pid()).isEqualTo(pid);
    assertThat(there.state()).isEqualTo(State.RUNNING);
    assertThat(scheduler().list(app)).hasSize(1);
  }

  @Test
  void aStopEndsWithTheNameOfWhatIsGone() throws Exception {
    got(scheduler().start(spec(web(1), "serve")));
    got(scheduler().start(spec(web(2), "serve")));

    assertThat(got(scheduler().stop(web(1), GRACE))).isEqualTo(web(1));
    assertThat(scheduler().list(app)).extracting(Instance::name).containsExactly(web(2));
  }

  @Test
  void whatIsGoneOrNeverWasIsStoppedAlready() throws Exception {
    got(scheduler().start(spec(web(1), "serve")));
    got(scheduler().stop(web(1), GRACE));
    assertThat(got(scheduler().stop(web(1), GRACE))).isEqualTo(web(1));
    assertThat(got(scheduler().stop(web(7), GRACE))).isEqualTo(web(7));
  }

  @Test
  void oneThatIgnoresTheStopIsKilledAfterTheGrace() throws Exception {
    got(scheduler().start(spec(web(1), "say", "ready", "stay")));
    awaitLines(web(1), "ready");
    got(scheduler().stop(web(1), Duration.ZERO));
    assertThat(scheduler().list(app)).isEmpty();
  }

  @Test
  void anExitHasItsCodeAndIsListedUntilTheStop() throws Exception {
    got(scheduler().start(spec(web(1), PORT, false, "exit", "3")));

    Instance ended = awaitState(web(1), State.EXITED);
    assertThat(ended.pid()).isZero();
    assertThat(ended.lastExit()).map(Exit::reason).hasValue(Exit.Reason.EXITED);
    assertThat(ended.lastExit()).map(Exit::code).hasValue(3);
    assertThat(ended.lastExit().orElseThrow().detail()).contains("3");

    got(scheduler().stop(web(1), GRACE));
    assertThat(scheduler().list(app)).isEmpty();
  }

  @Test
  void oneThatExitsIsStartedAgainUntilTheStop() throws Exception {
    got(scheduler().start(spec(web(1), "say", "again", "exit", "4")));
    soon().until(() -> only().restarts() >= 2);
    assertThat(only().lastExit()).map(Exit::code).hasValue(4);
    assertThat(scheduler().lastLines(web(1), 2)).containsExactly("again", "again");

    got(scheduler().stop(web(1), GRACE));
    assertThat(scheduler().list(app)).isEmpty();
  }

  @Test
  void aWatcherHearsFirstAllThatThereIsThenEachChange() throws Exception {
    got(scheduler().start(spec(web(1), "serve")));
    Heard heard = new Heard(app);
    Scheduler.Watch watch = scheduler().watch(heard);
    soon().until(() -> heard.words.contains("all " + List.of(web(1))));

    got(scheduler().start(spec(web(2), "serve")));
    soon().until(() -> heard.words.contains(web(2) + " RUNNING"));
    assertThat(heard.words).contains(web(2) + " STARTING");

    got(scheduler().start(spec(web(3), PORT, false, "exit", "3")));
    soon().until(() -> heard.words.contains(web(3) + " EXITED with 3"));

    got(scheduler().stop(web(2), GRACE));
    soon().until(() -> heard.words.contains(web(2) + " removed"));

    watch.close();
    soon().until(() -> heard.words.contains("lost"));
    assertThat(heard.words.get(0)).startsWith("all ");
    assertThat(heard.words.indexOf("lost")).isEqualTo(heard.words.size() - 1);
  }

  @Test
  void aWatcherHearsNothingOfARun() throws Exception {
    Told waiting = told(run("say", "ready", "wait"));
    soon().until(() -> waiting.text(false).equals("ready\n"));
    Heard heard = new Heard(app);
    Scheduler.Watch watch = scheduler().watch(heard);
    soon().until(() -> !heard.words.isEmpty());
    told(run("exit", "0")).awaitEnd();

    got(scheduler().start(spec(web(1), "serve")));
    soon().until(() -> heard.words.contains(web(1) + " RUNNING"));
    assertThat(heard.words.get(0)).isEqualTo("all []");
    assertThat(heard.words.subList(1, heard.words.size()))
        .allMatch(word -> word.startsWith(web(1) + " "));
    watch.close();
  }

  @Test
  void aWatcherHearsEachStartAgain() throws Exception {
    Heard heard = new Heard(app);
    Scheduler.Watch watch = scheduler().watch(heard);
    got(scheduler().start(spec(web(1), "exit", "4")));
    soon().until(() -> heard.words.contains(web(1) + " BACKOFF with 4"));
    soon().until(() -> heard.restarts >= 1);
    watch.close();
  }

  @Test
  void aLogHasTheLinesOfBothOutputsAndOfThoseThatAreGone() throws Exception {
    got(scheduler().start(spec(web(1), "say", "one", "tell", "GREETING", "tell", "PORT", "serve")));
    got(scheduler().start(spec(web(2), "complain", "two", "serve")));
    awaitLines(web(1), "one", "hello", "5000");
    awaitLines(web(2), "two");
    got(scheduler().stop(web(1), GRACE));

    List<LogLine> lines = read(new LogQuery(app, "", 0, 100, false));
    assertThat(lines)
        .filteredOn(line -> line.instance().equals(web(1)))
        .extracting(LogLine::text)
        .containsExactly("one", "hello", "5000");
    assertThat(lines).filteredOn(LogLine::stderr).extracting(LogLine::text).containsExactly("two");
    assertThat(lines).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
  }

  @Test
  void aReaderSaysHowMuchOfThePastAndOfWhom() throws Exception {
    InstanceName worker = new InstanceName(app, new ProcessType("worker"), 1, 1, 0);
    got(scheduler().start(spec(web(1), "say", "one", "say", "two", "serve")));
    got(scheduler().start(spec(web(2), "say", "three", "serve")));
    got(scheduler().start(spec(worker, 0, true, "say", "four", "wait")));
    awaitLines(web(1), "one", "two");
    awaitLines(web(2), "three");
    awaitLines(worker, "four");

    assertThat(texts(new LogQuery(app, "", 1, 100, false))).containsOnly("one", "two", "four");
    assertThat(texts(new LogQuery(app, "web", 0, 100, false))).containsOnly("one", "two", "three");
    assertThat(texts(new LogQuery(app, "web", 1, 1, false, Instant.EPOCH, "TWO")))
        .containsExactly("two");
    assertThat(texts(new LogQuery(app, "", 0, 10, false, Instant.MAX, ""))).isEmpty();
    assertThat(texts(new LogQuery(app, "", 0, 0, false))).isEmpty();
    assertThat(scheduler().lastLines(web(1), 1)).containsExactly("two");
    assertThat(texts(new LogQuery(new AppName("nobodys"), "", 0, 10, false))).isEmpty();
  }

  @Test
  void whoFollowsALogGetsNewLinesUntilItGoes() throws Exception {
    got(scheduler().start(spec(web(1), "say", "before", "serve")));
    awaitLines(web(1), "before");
    List<String> heard = new CopyOnWriteArrayList<>();
    Cancellable following =
        Multi.createFrom()
            .publisher(scheduler().logs(new LogQuery(app, "", 0, 10, true)))
            .filter(line -> line.kind() != LogLine.Kind.LIFE)
            .subscribe()
            .with(line -> heard.add(line.text()));
    soon().until(() -> heard.contains("before"));

    got(scheduler().start(spec(web(2), "say", "after", "serve")));
    soon().until(() -> heard.contains("after"));

    following.cancel();
    got(scheduler().start(spec(web(3), "say", "late", "serve")));
    awaitLines(web(3), "late");
    assertThat(heard).containsExactly("before", "after");
  }

  @Test
  void aRunTellsItsOutputsAndItsExit() {
    Told told = told(run("say", "hello", "complain", "oops", "tell", "GREETING", "exit", "7"));
    told.awaitEnd();

    assertThat(told.events.get(0)).isInstanceOf(Run.Started.class);
    assertThat(told.text(false)).isEqualTo("hello\nhello\n");
    assertThat(told.text(true)).isEqualTo("oops\n");
    assertThat(told.exit().reason()).isEqualTo(Exit.Reason.EXITED);
    assertThat(told.exit().code()).isEqualTo(7);
  }

  @Test
  void theInputOfARunWaitsForItsStart() throws Exception {
    Run run = run("cat", "say", "done", "exit", "5");
    assertThat(run.started()).isFalse();
    Future<Boolean> sent =
        CompletableFuture.supplyAsync(
            () -> sends(run, "early\n"), task -> new Thread(task, "early input").start());
    Told told = told(run);
    assertThat(run.started()).isTrue();
    assertThat(sent.get(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    soon().until(() -> told.text(false).equals("early\n"));
    assertThat(sends(run, "late\n")).isTrue();
    assertThat(run.stdinClosed()).isTrue();

    told.awaitEnd();
    assertThat(told.text(false)).isEqualTo("early\nlate\ndone\n");
    assertThat(told.exit().code()).isEqualTo(5);
    assertThat(sends(run, "too late\n")).isFalse();
    assertThat(run.signal(2)).isFalse();
  }

  @Test
  void aSignalReachesARun() throws Exception {
    Run run = run("say", "ready", "wait");
    Told told = told(run);
    soon().until(() -> told.text(false).equals("ready\n"));
    assertThat(scheduler().list(app)).as("a run is not an instance").isEmpty();
    assertThat(run.signal(2)).isTrue();

    told.awaitEnd();
    assertThat(told.exit().reason()).isEqualTo(Exit.Reason.SIGNALLED);
    assertThat(told.exit().code()).isEqualTo(128 + 2);
  }

  @Test
  void aRunHasOneReader() {
    Run run = run("wait");
    told(run);
    assertThat(told(run).awaitFailure().problem().code()).isEqualTo("run.taken");
  }

  @Test
  void aRunWhoseReaderHasGoneIsOver() throws Exception {
    Run run = run("say", "ready", "wait");
    Told told = told(run);
    soon().until(() -> told.text(false).equals("ready\n"));
    told.reading.cancel();
    soon().until(() -> !sends(run, "anybody there\n"));
    assertThat(told.failure).isNotDone();
  }

  @Test
  void whatIsRefusedFailsWithTheProblemItself() {
    assertThat(refused(scheduler().start(spec(web(1), NO_IMAGE, PORT, true, "serve"))))
        .isEqualTo(Kind.NOT_FOUND);
    assertThat(refused(scheduler().start(spec(web(1), "busybox:1", PORT, true, "serve"))))
        .isEqualTo(Kind.INVALID);
    Told told = told(scheduler().run(spec(oneOff(), NO_IMAGE, 0, false, "wait")));
    assertThat(told.awaitFailure().problem().kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(scheduler().list(app)).isEmpty();
  }

  @Test
  void aRemovedAppLeavesNothingAndNoOtherIsTouched() throws Exception {
    AppName other = app;
    got(scheduler().start(spec(web(1), "serve")));
    awaitState(web(1), State.RUNNING);
    app = new AppName("gone");
    got(scheduler().start(spec(web(1), "say", "hello", "serve")));
    awaitLines(web(1), "hello");
    Run run = run("say", "ready", "wait");
    Told told = told(run);
    soon().until(() -> told.text(false).equals("ready\n"));

    scheduler().removeApp(app, SOON);
    told.awaitEnd();
    assertThat(told.exit().reason()).isEqualTo(Exit.Reason.SIGNALLED);
    assertThat(scheduler().list(app)).isEmpty();
    assertThat(texts(new LogQuery(app, "", 0, 10, false))).isEmpty();
    scheduler().removeApp(app, SOON);

    app = other;
    assertThat(only().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void instancesGoOnWhileTheSchedulerIsAway() throws Exception {
    got(scheduler().start(spec(web(1), "serve")));
    int pid = awaitState(web(1), State.RUNNING).pid();
    Heard before = new Heard(app);
    scheduler().watch(before);
    soon().until(() -> !before.words.isEmpty());

    die();
    soon().until(() -> before.words.contains("lost"));
    unavailable(() -> scheduler().list(app));
    unavailable(() -> scheduler().lastLines(web(1), 1));
    unavailable(() -> texts(new LogQuery(app, "", 0, 10, false)));
    unavailable(() -> scheduler().removeApp(app, SOON));
    assertThat(refused(scheduler().start(spec(web(2), "serve")))).isEqualTo(Kind.UNAVAILABLE);
    assertThat(refused(scheduler().stop(web(1), GRACE))).isEqualTo(Kind.UNAVAILABLE);
    assertThat(told(run("wait")).awaitFailure().problem().kind()).isEqualTo(Kind.UNAVAILABLE);
    Heard meanwhile = new Heard(app);
    scheduler().watch(meanwhile);
    soon().until(() -> meanwhile.words.equals(List.of("lost")));

    comeBack();
    List<Heard> tries = new ArrayList<>();
    soon()
        .until(
            () -> {
              Heard again = new Heard(app);
              tries.add(again);
              scheduler().watch(again);
              soon().until(() -> !again.words.isEmpty());
              return again.words.contains("all " + List.of(web(1)));
            });
    assertThat(tries.get(tries.size() - 1).deaths).isEqualTo(before.deaths + 1);
    assertThat(only().pid()).isEqualTo(pid);
    assertThat(only().state()).isEqualTo(State.RUNNING);
    assertThat(only().restarts()).isZero();
  }

  // What the tests are written in.

  final AppName app() {
    return app;
  }

  final InstanceName web(int slot) {
    return new InstanceName(app, ProcessType.WEB, 1, slot, 0);
  }

  /** The slot is the scheduler's to choose. */
  private InstanceName oneOff() {
    return new InstanceName(app, ProcessType.ONE_OFF, 1, 0, 0);
  }

  final InstanceSpec spec(InstanceName name, String... words) {
    return spec(name, PORT, true, words);
  }

  private InstanceSpec spec(InstanceName name, int port, boolean restart, String... words) {
    return spec(name, image(), port, restart, words);
  }

  private static InstanceSpec spec(
      InstanceName name, String image, int port, boolean restart, String... words) {
    List<String> argv = new ArrayList<>(List.of("program"));
    argv.addAll(List.of(words));
    return new InstanceSpec(name, image, argv, Map.of("GREETING", "hello"), port, restart);
  }

  private Run run(String... words) {
    return scheduler().run(spec(oneOff(), 0, false, words));
  }

  private Instance only() {
    List<Instance> all = scheduler().list(app);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private Instance awaitState(InstanceName name, State state) {
    return soon()
        .until(
            () ->
                scheduler().list(app).stream()
                    .filter(instance -> instance.name().equals(name))
                    .findAny()
                    .orElseThrow(),
            instance -> instance.state() == state);
  }

  private void awaitLines(InstanceName name, String... texts) {
    soon().until(() -> scheduler().lastLines(name, 100).equals(List.of(texts)));
  }

  private List<LogLine> read(LogQuery query) {
    return Multi.createFrom()
        .publisher(scheduler().logs(query))
        .filter(line -> line.kind() != LogLine.Kind.LIFE)
        .collect()
        .asList()
        .await()
        .atMost(SOON);
  }

  private List<String> texts(LogQuery query) {
    return read(query).stream().map(LogLine::text).toList();
  }

  private static boolean sends(Run run, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    try {
      return run.stdin(bytes, bytes.length);
    } catch (IOException interrupted) {
      throw new UncheckedIOException(interrupted);
    }
  }

  static ConditionFactory soon() {
    return Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(20));
  }

  static <T> T got(CompletableFuture<T> answer) throws Exception {
    return answer.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** The kind of what it fails with, which is the problem and no wrapper of it. */
  static Kind refused(CompletableFuture<?> answer) {
    Throwable failed = catchThrowable(() -> got(answer));
    assertThat(failed).isInstanceOf(ExecutionException.class);
    assertThat(failed.getCause()).isInstanceOf(PaasException.class);
    return ((PaasException) failed.getCause()).problem().kind();
  }

  private static void unavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PaasException.class,
            failed -> assertThat(failed.problem().kind()).isEqualTo(Kind.UNAVAILABLE));
  }

  private static Told told(Run run) {
    return new Told(run);
  }

  /** Reads a run. */
  private static final class Told {

    private final List<Run.Event> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private final Cancellable reading;

    Told(Run run) {
      this.reading =
          Multi.createFrom()
              .publisher(run)
              .subscribe()
              .with(events::add, failure::complete, () -> end.complete(true));
    }

    void awaitEnd() {
      assertThat(end).succeedsWithin(SOON);
      assertThat(events.get(events.size() - 1)).isInstanceOf(Run.Ended.class);
    }

    PaasException awaitFailure() {
      assertThat(failure).succeedsWithin(SOON).isInstanceOf(PaasException.class);
      return (PaasException) failure.join();
    }

    Exit exit() {
      return ((Run.Ended) events.get(events.size() - 1)).exit();
    }

    String text(boolean stderr) {
      StringBuilder text = new StringBuilder();
      for (Run.Event event : events) {
        if (event instanceof Run.Output output && output.stderr() == stderr) {
          text.append(new String(output.bytes(), UTF_8));
        }
      }
      return text.toString();
    }
  }

  /** Writes down what it hears of an app, in order. */
  private static final class Heard implements Scheduler.Watcher {

    private final AppName app;
    private final List<String> words = new CopyOnWriteArrayList<>();
    private volatile int restarts;
    private volatile long deaths;

    Heard(AppName app) {
      this.app = app;
    }

    @Override
    public void snapshot(List<Instance> all, long died) {
      deaths = died;
      words.add(
          "all "
              + all.stream().map(Instance::name).filter(name -> name.app().equals(app)).toList());
    }

    @Override
    public void changed(Instance instance) {
      if (instance.name().app().equals(app)) {
        restarts = Math.max(restarts, instance.restarts());
        String exit = instance.lastExit().map(last -> " with " + last.code()).orElse("");
        words.add(instance.name() + " " + instance.state() + exit);
      }
    }

    @Override
    public void removed(InstanceName instance) {
      if (instance.app().equals(app)) {
        words.add(instance + " removed");
      }
    }

    @Override
    public void lost(String why) {
      words.add("lost");
    }
  }
}
