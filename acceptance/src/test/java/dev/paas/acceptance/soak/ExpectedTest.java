package dev.paas.acceptance.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExpectedTest {

  private final Expected expected = new Expected();

  @Test
  void whileAChangeIsUnderWayTheOldAndTheNewAreRight() {
    expected.only("version 1\n");
    long asked = System.nanoTime();
    expected.maybe("version 2\n");
    long answered = System.nanoTime();
    assertThat(expected.allows("Hello, version 1\n", asked, answered)).isTrue();
    assertThat(expected.allows("Hello, version 2\n", asked, answered)).isTrue();
    assertThat(expected.allows("Hello, version 12\n", asked, answered)).isFalse();
  }

  @Test
  void whoAskedAfterTheAcknowledgementMayNotGetTheOld() {
    expected.only("version 1\n");
    long before = System.nanoTime();
    expected.maybe("version 2\n");
    expected.only("version 2\n");
    long after = System.nanoTime() + 1;
    assertThat(expected.allows("version 1\n", before, after)).isTrue();
    assertThat(expected.allows("version 1\n", after, after + 1)).isFalse();
    assertThat(expected.allows("version 2\n", after, after + 1)).isTrue();
  }
}
