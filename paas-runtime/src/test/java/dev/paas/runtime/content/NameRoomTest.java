package dev.paas.runtime.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class NameRoomTest {

  private static final long LARGE = 40 << 20;

  private final NameRoom room = TestRoom.open();

  @Test
  void whatNeedsMuchGoesOnOneAtATimeAndWhatNeedsLittleAtAnyTime() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    Thread second = new Thread(() -> takeLarge(taken), "second");
    try (NameRoom.Share first = room.share()) {
      first.take(LARGE);
      second.start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> second.getState() == Thread.State.WAITING);
      try (NameRoom.Share small = room.share()) {
        small.take(1 << 20);
      }
      assertThat(taken.getCount()).isOne();
    }
    taken.await();
    second.join();
  }

  private void takeLarge(CountDownLatch taken) {
    try (NameRoom.Share share = room.share()) {
      share.take(LARGE);
      taken.countDown();
    } catch (InterruptedIOException cancelled) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aTurnLastsUntilTheShareIsClosedAndIsFreeThen() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (NameRoom.Share share = room.share()) {
        share.take(LARGE);
        share.give(LARGE);
        share.take(LARGE);
      }
    }
  }

  @Test
  void whoeverIsCancelledWaitsForNoTurn() throws Exception {
    try (NameRoom.Share first = room.share();
        NameRoom.Share second = room.share()) {
      first.take(LARGE);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> second.take(LARGE)).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
