package dev.paas.runtime.instance.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.time.Backoff;
import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LifeTextTest {

  private static final int PORT = 5000;
  private static final ProcessIdentity PROCESS = new ProcessIdentity(100, 5);
  private static final ProcessIdentity NEXT = new ProcessIdentity(101, 6);
  private static final Exit FAILED = Exits.of(7, 0, 0, 5000);
  private static final Life.Rules RULES =
      new Life.Rules(true, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60)));

  @Test
  void aProgramThatEndsAndStartsAgainIsToldStepByStep() {
    assertThat(
            told(
                PORT,
                new Observation.Launched(PROCESS, 4000),
                new Observation.Seen(PROCESS, List.of(), "", false),
                new Observation.Seen(PROCESS, List.of(PORT), "", true),
                new Observation.Seen(PROCESS, List.of(PORT, 6000), "", true),
                new Observation.Ended(FAILED),
                new Observation.StartDue(6000),
                new Observation.Launched(NEXT, 6000),
                new Observation.Seen(NEXT, List.of(PORT), "", true)))
        .containsExactly(
            "started",
            "listens on port 5000",
            "exited with code 7; starts again in 1 s",
            "started again (restart 1)",
            "listens on port 5000");
  }

  @Test
  void aStopIsToldWithItsEnd() {
    assertThat(
            told(
                0,
                new Observation.Launched(PROCESS, 4000),
                new Observation.Seen(PROCESS, List.of(), "", true),
                new Observation.StopAsked(Duration.ofSeconds(10)),
                new Observation.StopAsked(Duration.ofSeconds(1)),
                new Observation.GraceOver(),
                new Observation.Ended(Exits.of(128 + 9, 0, 0, 5000)),
                new Observation.Removed()))
        .containsExactly("started", "is asked to stop", "ended by signal 9");
  }

  @Test
  void aDaemonThatFindsItAgainTellsNothing() {
    assertThat(
            told(
                PORT,
                new Observation.Launched(PROCESS, 4000),
                new Observation.Seen(PROCESS, List.of(PORT), "", true),
                new Observation.Adopted(true, 6000, Duration.ZERO)))
        .containsExactly("started", "listens on port 5000");
  }

  @Test
  void aLaunchThatFailsSaysWhy() {
    Life.Past past = new Life.Past(0, "", 0, 0, java.util.Optional.of(FAILED));
    Observation failed = new Observation.LaunchFailed(Exits.startFailed("no room", 7000));
    assertThat(told(new Life.Launching(past), PORT, failed))
        .containsExactly("no room; starts again in 1 s");
  }

  private static List<String> told(int port, Observation... seen) {
    return told(new Life.Accepted(Life.Past.NONE), port, seen);
  }

  private static List<String> told(Life first, int port, Observation... seen) {
    List<String> told = new ArrayList<>();
    Life life = first;
    for (Observation each : seen) {
      Life next = Life.next(life, each, RULES).life();
      LifeText.of(life, next, port).ifPresent(told::add);
      life = next;
    }
    return told;
  }
}
