package dev.paas.base.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  @ParameterizedTest
  @CsvSource({"1, 100", "2, 200", "9, 25600", "10, 30000", "1000, 30000", "2147483647, 30000"})
  void eachPauseIsTwiceTheOneBeforeUpToTheLongest(int failures, long millis) {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));
    assertThat(backoff.after(failures)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void theFirstPauseIsNeverLongerThanTheLongest() {
    assertThat(new Backoff(Duration.ofHours(2), Duration.ofHours(1)).after(1))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aPauseThatDoesNotGrowEnds() {
    assertThat(new Backoff(Duration.ofHours(1), Duration.ofHours(1)).after(Integer.MAX_VALUE))
        .isEqualTo(Duration.ofHours(1));
  }
}
