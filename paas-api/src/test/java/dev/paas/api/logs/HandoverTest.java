package dev.paas.api.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HandoverTest {

  private final List<String> heard = new ArrayList<>();
  private final Handover<Long> handover = new Handover<>(line -> heard.add(line.text()));

  @Test
  void aLineThatComesWhileThePastIsReadIsToldOnce() {
    come(1);
    come(2);
    handover.isPast(new HashSet<>(Set.of(0L, 1L)));
    assertThat(heard).containsExactly("2");
    come(3);
    assertThat(heard).containsExactly("2", "3");
  }

  @Test
  void aLineOfThePastThatIsHeardOfLateIsNotToldAgain() {
    handover.isPast(new HashSet<>(Set.of(0L, 1L)));
    come(1);
    come(2);
    assertThat(heard).containsExactly("2");
  }

  private void come(long key) {
    handover.came(
        key, new LogResource.Line(Instant.EPOCH, "api", "", "platform", String.valueOf(key)));
  }
}
