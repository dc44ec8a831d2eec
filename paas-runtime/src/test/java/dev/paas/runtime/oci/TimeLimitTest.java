package dev.paas.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class TimeLimitTest {

  private final AtomicBoolean ended = new AtomicBoolean();

  @Test
  void whatWasAnsweredIsNotEndedAfterwards() {
    TimeLimit limit = new TimeLimit(Duration.ofDays(1));
    try (TimeLimit.Wait wait = limit.begin(() -> ended.set(true))) {
      wait.over();
      TimeLimit.pass(wait.state(), () -> ended.set(true));
      wait.check();
    }
    assertThat(ended).isFalse();
  }

  @Test
  void anAnswerToWhatWasEndedDoesNotCount() throws Exception {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    TimeLimit limit = new TimeLimit(Duration.ofMillis(1));
    try (TimeLimit.Wait wait = limit.begin(() -> passed.complete(null))) {
      passed.get(1, TimeUnit.MINUTES);
      assertThat(wait.hasPassed()).isTrue();
      assertThatThrownBy(wait::over)
          .isInstanceOfSatisfying(
              PaasException.class,
              hangs -> assertThat(hangs.problem().code()).isEqualTo("instance.start-hangs"));
    }
  }
}
