package dev.paas.runtime.duty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DutiesTest {

  private final Duties duties = new Duties();

  @Test
  void aTimersTaskIsRunAgainWhateverItThrows() throws Exception {
    List<Throwable> all =
        List.of(
            new IOException("a"),
            new IllegalStateException("b"),
            new StackOverflowError("c"),
            new LinkageError("d"));
    CountDownLatch rounds = new CountDownLatch(all.size() + 1);
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    try {
      var unused =
          timer.scheduleWithFixedDelay(
              duties.standing(
                  "try",
                  () -> {
                    long left = rounds.getCount();
                    rounds.countDown();
                    if (left > 1) {
                      fail(all.get((int) (all.size() + 1 - left)));
                    }
                  }),
              0,
              1,
              TimeUnit.MILLISECONDS);
      assertThat(rounds.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      timer.shutdownNow();
    }
  }

  @Test
  void aDutyThatFailsFiveTimesIsNamedUntilItSucceeds() {
    for (int i = 0; i < 4; i++) {
      duties.attempt("sweep", () -> fail(new StackOverflowError("deep")));
    }
    assertThat(duties.troubles()).isEmpty();
    duties.attempt("sweep", () -> fail(new StackOverflowError("deep")));
    assertThat(duties.troubles())
        .containsExactly(new Duties.Trouble("sweep", 5, "java.lang.StackOverflowError: deep"));
    duties.attempt("sweep", () -> {});
    assertThat(duties.troubles()).isEmpty();
  }

  @Test
  void aDutyThatIsTriedAgainBySomebodyElseIsNamedUntilItIsOver() {
    duties.failed("remove of shop", 4, new IOException("busy"));
    assertThat(duties.troubles()).isEmpty();
    duties.failed("remove of shop", 5, new IOException("busy"));
    assertThat(duties.troubles())
        .containsExactly(new Duties.Trouble("remove of shop", 5, "java.io.IOException: busy"));
    duties.over("remove of shop");
    assertThat(duties.troubles()).isEmpty();
  }

  private static void fail(Throwable what) throws Exception {
    if (what instanceof Error error) {
      throw error;
    }
    throw (Exception) what;
  }
}
