package dev.paas.acceptance.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

  private final Chronicle chronicle = new Chronicle();
  private final Tally tally = new Tally(chronicle);

  @Test
  void aConnectionThatBrokeIsExcusedOnlyWhileAKilledRouterWasDown() {
    long before = System.nanoTime();
    Chronicle.Event kill = chronicle.begin("kill", Chronicle.Effect.CONNECTIONS);
    kill.ended();
    long after = System.nanoTime() + 1;
    tally.broken("GET /", "reset", before, after);
    assertThat(tally.lost()).isOne();
    tally.broken("GET /", "reset", after, after + 1);
    tally.broken("GET /", "reset", before - 2, before - 1);
    assertThat(tally.failed()).isEqualTo(2);
    assertThat(tally.failures()).containsEntry("reset", 2);
  }

  @Test
  void aWrongAnswerIsExcusedByNothing() {
    long before = System.nanoTime();
    chronicle.begin("kill", Chronicle.Effect.CONNECTIONS);
    tally.wrong("GET /", "503 router.no-instances", before, System.nanoTime());
    assertThat(tally.failed()).isOne();
    assertThat(tally.lost()).isZero();
  }

  @Test
  void aKilledControlPlaneExcusesNoConnection() {
    long before = System.nanoTime();
    chronicle.begin("kill", Chronicle.Effect.COMMANDS);
    tally.broken("GET /", "closed", before, System.nanoTime());
    assertThat(tally.failed()).isOne();
  }

  @Test
  void percentilesAreOfThePagesAlone() {
    for (int i = 1; i <= 100; i++) {
      tally.answered(i * 1_000_000L, true);
    }
    tally.answered(9_000_000_000L, false);
    assertThat(tally.answered()).isEqualTo(101);
    assertThat(tally.millis(50)).isBetween(50.0, 51.0);
    assertThat(tally.millis(99.9)).isEqualTo(100.0);
  }
}
