package dev.paas.runtime.instance.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.time.Backoff;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class LifeTest {

  private static final ProcessIdentity PROCESS = new ProcessIdentity(100, 5);
  private static final ProcessIdentity OTHER = new ProcessIdentity(100, 6);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Exit FAILED = Exits.of(1, 0, 0, 5000);
  private static final Life.Past PAST = new Life.Past(4000, "", 2, 0, Optional.of(FAILED));

  private static final Life.Rules RULES =
      new Life.Rules(true, new Backoff(Duration.ofMillis(100), Duration.ofMillis(2000)));

  private static final Life.Rules ONCE = new Life.Rules(false, RULES.pauses());

  private static Map<String, Life> lives() {
    Life running = new Alive.Running(PROCESS, List.of(5000), PAST);
    Map<String, Life> lives = new LinkedHashMap<>();
    lives.put("accepted", new Life.Accepted(Life.Past.NONE));
    lives.put("launching", new Life.Launching(PAST));
    lives.put("starting", new Alive.Starting(PROCESS, List.of(), PAST));
    lives.put("running", running);
    lives.put("backing off", new Life.BackingOff(6000, PAST));
    lives.put("exited", new Life.Exited(PAST));
    lives.put("stopping", new Stopping(running, GRACE));
    lives.put("stopping, ended", new Stopping(new Life.Exited(PAST), GRACE));
    lives.put("gone", new Life.Gone(PAST));
    return lives;
  }

  private static Life life(String name) {
    return Objects.requireNonNull(lives().get(name), name);
  }

  private static Map<String, Observation> observations() {
    Map<String, Observation> all = new LinkedHashMap<>();
    all.put("found alive", new Observation.Adopted(true, 5500, GRACE));
    all.put("found dead", new Observation.Adopted(false, 5500, GRACE));
    all.put("launched", new Observation.Launched(OTHER, 7000));
    all.put("not launched", new Observation.LaunchFailed(Exits.startFailed("no room", 7000)));
    all.put("silent", new Observation.Seen(PROCESS, List.of(), "", false));
    all.put("listens elsewhere", new Observation.Seen(PROCESS, List.of(1), "elsewhere", false));
    all.put("reached", new Observation.Seen(PROCESS, List.of(5000), "", true));
    all.put("other reached", new Observation.Seen(OTHER, List.of(1), "", true));
    all.put("ended", new Observation.Ended(FAILED));
    all.put("pause over", new Observation.StartDue(6000));
    all.put("old pause over", new Observation.StartDue(5000));
    all.put("stop", new Observation.StopAsked(GRACE));
    all.put("grace over", new Observation.GraceOver());
    all.put("removed", new Observation.Removed());
    return all;
  }

  /** Whatever is not here changes nothing. */
  private static final String TABLE =
      """
      accepted        | launched          | Starting [PUBLISH, CHECK]
      accepted        | not launched      | Stopping [REMOVE]
      accepted        | stop              | Stopping [RECORD, REMOVE]
      launching       | found alive       | Launching [LAUNCH]
      launching       | found dead        | Launching [LAUNCH]
      launching       | launched          | Starting [PUBLISH, CHECK]
      launching       | not launched      | BackingOff [RECORD, FREE] PT0.1S StartDue
      launching       | stop              | Stopping [RECORD, REMOVE]
      starting        | found alive       | Starting [WATCH_DISK, CHECK, BEGIN]
      starting        | found dead        | Starting [TAKE_END]
      starting        | listens elsewhere | Starting [RECORD]
      starting        | reached           | Running [RECORD]
      starting        | ended             | BackingOff [RECORD, FREE] PT0.1S StartDue
      starting        | stop              | Stopping [RECORD, SIGNAL] PT10S GraceOver
      running         | found alive       | Running [WATCH_DISK, CHECK, BEGIN]
      running         | found dead        | Running [TAKE_END]
      running         | silent            | Running [RECORD]
      running         | listens elsewhere | Running [RECORD]
      running         | ended             | BackingOff [RECORD, FREE] PT0.1S StartDue
      running         | stop              | Stopping [RECORD, SIGNAL] PT10S GraceOver
      backing off     | found alive       | BackingOff [] PT0.5S StartDue
      backing off     | found dead        | BackingOff [] PT0.5S StartDue
      backing off     | pause over        | Launching [LAUNCH]
      backing off     | stop              | Stopping [RECORD, REMOVE]
      exited          | stop              | Stopping [RECORD, REMOVE]
      stopping        | found alive       | Stopping [WATCH_DISK, CHECK, SIGNAL] PT10S GraceOver
      stopping        | found dead        | Stopping [TAKE_END]
      stopping        | ended             | Stopping [REMOVE]
      stopping        | stop              | Stopping [SIGNAL] PT10S GraceOver
      stopping        | grace over        | Stopping [KILL]
      stopping        | removed           | Gone []
      stopping, ended | found alive       | Stopping [REMOVE]
      stopping, ended | found dead        | Stopping [REMOVE]
      stopping, ended | stop              | Stopping [REMOVE]
      stopping, ended | removed           | Gone []
      """;

  private static String key(String life, String observation) {
    return life + " | " + observation;
  }

  private static Map<String, String> table() {
    return TABLE
        .lines()
        .map(line -> line.split(" *\\| *"))
        .collect(Collectors.toMap(words -> key(words[0], words[1]), words -> words[2]));
  }

  private static String told(Next next) {
    String wake =
        next.wake()
            .map(w -> " " + w.after() + " " + w.observation().getClass().getSimpleName())
            .orElse("");
    return next.life().getClass().getSimpleName() + " " + next.actions() + wake;
  }

  @TestFactory
  Stream<DynamicTest> everyStateAnswersEveryObservation() {
    Map<String, String> expected = table();
    assertThat(expected.keySet()).isSubsetOf(allKeys());
    return lives().entrySet().stream()
        .flatMap(
            life ->
                observations().entrySet().stream()
                    .map(
                        seen -> {
                          String key = key(life.getKey(), seen.getKey());
                          return DynamicTest.dynamicTest(
                              key,
                              () -> {
                                Next next = Life.next(life.getValue(), seen.getValue(), RULES);
                                String unchanged = told(Next.unchanged(life.getValue()));
                                assertThat(told(next))
                                    .isEqualTo(expected.getOrDefault(key, unchanged));
                                if (!expected.containsKey(key)) {
                                  assertThat(next.life()).isEqualTo(life.getValue());
                                }
                              });
                        }));
  }

  private static List<String> allKeys() {
    return lives().keySet().stream()
        .flatMap(life -> observations().keySet().stream().map(seen -> key(life, seen)))
        .toList();
  }

  private static Next next(String life, String seen) {
    return Life.next(life(life), Objects.requireNonNull(observations().get(seen)), RULES);
  }

  @Test
  void aLaunchAfterAPauseCountsAsARestartAndKeepsTheLastEnd() {
    Life.Past past = next("backing off", "pause over").life().past();
    assertThat(past.restarts()).isEqualTo(3);
    assertThat(past.lastExit()).contains(FAILED);
  }

  @Test
  void aNewProcessHasNothingOfTheOneBefore() {
    Life starting = next("launching", "launched").life();
    assertThat(starting)
        .isEqualTo(
            new Alive.Starting(
                OTHER, List.of(), new Life.Past(7000, "", 2, 0, Optional.of(FAILED))));
  }

  @Test
  void quickEndsAndFailedLaunchesPauseTwiceAsLongEachTimeUpToTheMaximum() {
    Life life = life("running");
    Observation[] failures = {
      new Observation.Ended(FAILED), new Observation.LaunchFailed(Exits.startFailed("no", 9000))
    };
    Duration[] pauses = new Duration[7];
    for (int i = 0; i < pauses.length; i++) {
      Next failed = Life.next(life, failures[i % 2], RULES);
      pauses[i] = failed.wake().orElseThrow().after();
      Life launching =
          Life.next(failed.life(), failed.wake().orElseThrow().observation(), RULES).life();
      life =
          i % 2 == 0
              ? launching
              : Life.next(launching, new Observation.Launched(PROCESS, 4500), RULES).life();
    }
    assertThat(pauses)
        .extracting(Duration::toMillis)
        .containsExactly(100L, 200L, 400L, 800L, 1600L, 2000L, 2000L);
  }

  @Test
  void aProcessThatLivedLongPausesOnlyAsIfItWereTheFirst() {
    Life.Past past = new Life.Past(4000, "", 9, 9, Optional.empty());
    Life old = new Alive.Running(PROCESS, List.of(), past);
    Next ended = Life.next(old, new Observation.Ended(Exits.of(1, 0, 0, 6001)), RULES);
    assertThat(ended.life().past().quickEnds()).isZero();
    assertThat(ended.life().nextStartMillis()).isEqualTo(6101);
  }

  @Test
  void aProcessThatLivedAsLongAsTheLongestPauseHasEndedQuickly() {
    Life old =
        new Alive.Running(PROCESS, List.of(), new Life.Past(4000, "", 1, 1, Optional.empty()));
    Next ended = Life.next(old, new Observation.Ended(Exits.of(1, 0, 0, 6000)), RULES);
    assertThat(ended.life().past().quickEnds()).isEqualTo(2);
  }

  @Test
  void onlyWhatIsToBeLaunchedAwaitsItsLaunch() {
    assertThat(lives().entrySet())
        .filteredOn(life -> life.getValue().awaitsLaunch())
        .extracting(Map.Entry::getKey)
        .containsExactly("accepted", "launching");
  }

  @Test
  void anInstanceThatIsNotRestartedStaysVisibleWithItsEnd() {
    Next ended =
        Life.next(
            new Alive.Running(PROCESS, List.of(5000), PAST), new Observation.Ended(FAILED), ONCE);
    assertThat(told(ended)).isEqualTo("Exited [RECORD, FREE]");
    assertThat(ended.life().past().lastExit()).contains(FAILED);
  }

  @Test
  void anEndForWantOfMemoryIsToldInTheAppsLogButNotOfOneThatStops() {
    Observation killed = new Observation.Ended(Exits.of(137, 1, 64 << 20, 5000));
    assertThat(Life.next(new Alive.Running(PROCESS, List.of(), PAST), killed, RULES).actions())
        .containsExactly(Action.TELL_OUT_OF_MEMORY, Action.RECORD, Action.FREE);
    assertThat(told(Life.next(life("stopping"), killed, RULES))).isEqualTo("Stopping [REMOVE]");
  }

  @Test
  void aSecondStopShortensTheGrace() {
    Next again = Life.next(life("stopping"), new Observation.StopAsked(Duration.ZERO), RULES);
    assertThat(again.life()).extracting("grace").isEqualTo(Duration.ZERO);
    assertThat(told(again)).isEqualTo("Stopping [SIGNAL] PT0S GraceOver");
  }

  // ---------------------------------------------------------------- as stored and as seen

  private static final Instance BASE =
      Instance.newBuilder()
          .setId(InstanceId.newBuilder().setApp("shop").setProcess("web").setSlot(1))
          .setAddress("10.0.0.7")
          .setPort(5000)
          .setImage("sha256:0")
          .setMemoryLimitBytes(64 << 20)
          .build();

  @Test
  void aViewIsReadBackAsTheStateItWasMadeOf() {
    lives()
        .forEach(
            (name, life) -> {
              Instance view = LifeView.of(BASE, life);
              Instance again = LifeView.of(view, LifeView.life(view, life.process()));
              assertThat(again).as(name).isEqualTo(view);
            });
    List<String> same = List.of("launching", "starting", "running", "backing off", "exited");
    for (String name : same) {
      Life life = life(name);
      assertThat(LifeView.life(LifeView.of(BASE, life), life.process())).isEqualTo(life);
    }
  }

  @Test
  void everythingThatPeopleAreToldIsInTheView() {
    Life.Past past = new Life.Past(4000, "listens on 127.0.0.1", 2, 1, Optional.of(FAILED));
    assertThat(LifeView.of(BASE, new Alive.Starting(PROCESS, List.of(8080), past)))
        .isEqualTo(
            BASE.toBuilder()
                .setState(Instance.State.STARTING)
                .setPid(100)
                .addListening(8080)
                .setUnreachable("listens on 127.0.0.1")
                .setStartedAtMillis(4000)
                .setRestarts(2)
                .setLastExit(FAILED)
                .build());
    assertThat(LifeView.of(BASE, new Life.BackingOff(9000, past)).getNextStartMillis())
        .isEqualTo(9000);
  }

  @Test
  void aStopThatWasUnderWayWithoutAProcessIsOfWhatItWas() {
    Instance stopping = BASE.toBuilder().setState(Instance.State.STOPPING).build();
    assertThat(LifeView.life(stopping.toBuilder().setNextStartMillis(1).build(), Optional.empty()))
        .isEqualTo(
            new Stopping(
                new Life.BackingOff(1, new Life.Past(0, "", 0, 0, Optional.empty())),
                Duration.ZERO));
    assertThat(LifeView.life(stopping, Optional.empty()))
        .isEqualTo(
            new Stopping(
                new Life.Exited(new Life.Past(0, "", 0, 0, Optional.empty())), Duration.ZERO));
  }

  @Test
  void whatStopsIsSeenAsWhatItWas() {
    Instance seen = LifeView.of(BASE, life("stopping"));
    assertThat(seen.getState()).isEqualTo(Instance.State.STOPPING);
    assertThat(seen.getListeningList()).containsExactly(5000);
    assertThat(LifeView.of(BASE, new Stopping(life("backing off"), GRACE)).getNextStartMillis())
        .isEqualTo(6000);
  }

  @Test
  void aRecordWithoutItsProcessIsLaunchedAgainOnlyIfItHadNotBegun() {
    Instance view = BASE.toBuilder().setStartedAtMillis(4000).setRestarts(1).build();
    Life starting =
        LifeView.life(view.toBuilder().setState(Instance.State.STARTING).build(), Optional.empty());
    assertThat(starting.awaitsLaunch()).isTrue();
    Life running =
        LifeView.life(view.toBuilder().setState(Instance.State.RUNNING).build(), Optional.empty());
    assertThat(running.process()).contains(LifeView.NOBODY);
    assertThat(LifeView.NOBODY.isAlive()).isFalse();
    assertThat(LifeView.of(view, running).getPid()).isZero();
  }
}
