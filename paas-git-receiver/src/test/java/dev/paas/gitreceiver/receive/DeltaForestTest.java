package dev.paas.gitreceiver.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeltaForestTest {

  private final DeltaForest forest = new DeltaForest();

  @Test
  void objectsWithoutDeltasAreNeverHeld() {
    forest.whole(12, 1000);
    forest.whole(500, 2000);
    assertThat(forest.peak()).isZero();
  }

  @Test
  void aLongChainHoldsTwoOfItsObjectsAtOnce() {
    forest.whole(0, 100);
    for (int i = 1; i <= 1000; i++) {
      assertThat(forest.delta(i, 100, i - 1)).isTrue();
    }
    assertThat(forest.peak()).isEqualTo(200);
  }

  @Test
  void aBaseIsHeldUntilItsLastDeltaIsBegun() {
    // Each object has two deltas, the second of which waits while the first one's are resolved.
    forest.whole(0, 100);
    long base = 0;
    for (int i = 1; i <= 50; i++) {
      forest.delta(2L * i, 100, base);
      forest.delta(2L * i + 1, 100, base);
      base = 2L * i;
    }
    assertThat(forest.peak()).isEqualTo(51 * 100);
  }

  @Test
  void whatIsNamedByIdIsCountedWhereverItHangs() {
    forest.whole(0, 70);
    forest.namedDelta(10, 100, 1000);
    forest.namedDelta(20, 100, 0);
    assertThat(forest.peak()).isEqualTo(70 + 100 + 1000 + 100);
  }

  @Test
  void aDeltaToNothingIsNone() {
    forest.whole(12, 100);
    assertThat(forest.delta(50, 100, 13)).isFalse();
  }
}
