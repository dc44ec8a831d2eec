package dev.paas.router.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.router.Failure;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FailureFeedTest {

  private final FailureFeed feed = new FailureFeed();

  private void fail(String app, long at) {
    feed.add(
        new AccessEntry(
            at,
            "id",
            "127.0.0.1",
            "GET",
            app + ".localhost",
            "/x".repeat(1000),
            app,
            "",
            "",
            502,
            "router.bad-response",
            "a rule",
            0,
            0,
            -1,
            0,
            1),
        "The app's response is not well-formed.");
  }

  @Test
  void appTellsAFewFailuresASecondAndHowManyThereWereBesides() {
    for (int i = 0; i < 1000; i++) {
      fail("shop", 1_000);
    }
    fail("blog", 1_000);
    fail("shop", 2_000);
    List<Failure> told = feed.take().getFailuresList();
    assertThat(told).hasSize(FailureFeed.PER_SECOND + 2);
    assertThat(told.get(told.size() - 2).getApp()).isEqualTo("blog");
    assertThat(told.get(told.size() - 1).getSkipped()).isEqualTo(1000 - FailureFeed.PER_SECOND);
    assertThat(feed.take().getFailuresList()).isEmpty();
  }

  @Test
  void newestWaitWhileNobodyTakesThemAndWhatWasDroppedIsCounted() {
    int all = FailureFeed.CAPACITY + 50;
    for (int i = 0; i < all; i++) {
      fail("shop", 1_000L * i);
    }
    List<Failure> told = feed.take().getFailuresList();
    assertThat(told).hasSize(FailureFeed.CAPACITY);
    assertThat(told.get(told.size() - 1).getAtMillis()).isEqualTo(1_000L * (all - 1));
    assertThat(told.stream().mapToInt(failure -> 1 + failure.getSkipped()).sum()).isEqualTo(all);
  }

  @Test
  void listenerIsCalledOnceForManyThatWait() {
    AtomicInteger calls = new AtomicInteger();
    feed.listen(calls::incrementAndGet);
    fail("shop", 1_000);
    fail("shop", 1_000);
    assertThat(calls).hasValue(1);
    feed.take();
    fail("shop", 2_000);
    assertThat(calls).hasValue(2);
  }

  @Test
  void whatFailedIsSaidWithTheRuleAndCut() {
    fail("shop", 1_000);
    Failure told = feed.take().getFailures(0);
    assertThat(told.getWhat()).isEqualTo("The app's response is not well-formed: a rule");
    assertThat(told.getTarget()).hasSize(301).endsWith("…");
  }
}
