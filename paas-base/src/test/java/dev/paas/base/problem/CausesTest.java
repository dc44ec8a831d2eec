package dev.paas.base.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CausesTest {

  @Test
  void theFailureComesFirstThenWhatCausedItThenWhatWasSuppressed() {
    Exception root = new IOException("root");
    Exception cause = new IllegalStateException("cause", root);
    Exception hidden = new IllegalStateException("hidden");
    Exception failed = new IllegalStateException("failed", cause);
    failed.addSuppressed(hidden);
    cause.addSuppressed(root);
    assertThat(Causes.of(failed)).containsExactly(failed, cause, root, hidden);
  }

  @Test
  void aCircleEnds() {
    Exception one = new IllegalStateException("one");
    Exception other = new IllegalStateException("other", one);
    one.addSuppressed(other);
    assertThat(Causes.of(one)).containsExactly(one, other);
  }
}
