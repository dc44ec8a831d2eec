package dev.paas.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class StallWatchTest {

  @Test
  void whoTakesNothingIsCut() throws InterruptedException {
    CountDownLatch cut = new CountDownLatch(1);
    try (StallWatch watch = new StallWatch(Duration.ofMillis(5), cut::countDown)) {
      cut.await();
      assertThat(watch.isExpired()).isTrue();
    }
  }

  @Test
  void whatIsWrittenArrives() throws IOException {
    ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    try (StallWatch watch = new StallWatch(Duration.ofHours(1), () -> {});
        OutputStream out = watch.over(arrived)) {
      out.write(1);
      out.write(new byte[] {0, 2, 3}, 1, 2);
      assertThat(watch.isExpired()).isFalse();
    }
    assertThat(arrived.toByteArray()).containsExactly(1, 2, 3);
  }
}
