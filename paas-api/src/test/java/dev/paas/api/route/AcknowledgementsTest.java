package dev.paas.api.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.router.Draining;
import dev.paas.contract.router.RouterStatus;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {

  private long nanos;
  private final Acknowledgements acknowledgements =
      new Acknowledgements(() -> nanos, Duration.ofSeconds(30));

  @Test
  void instanceInTheAppliedTableIsNotReleased() {
    acknowledgements.published(5, Set.of("a"));
    applied(5);

    assertThat(acknowledgements.released("a")).isFalse();
  }

  @Test
  void instanceIsReleasedOnceATableWithoutItIsApplied() {
    acknowledgements.published(5, Set.of("a", "b"));
    acknowledgements.published(6, Set.of("b"));
    applied(5);
    assertThat(acknowledgements.released("a")).as("published is not applied").isFalse();

    applied(6);
    assertThat(acknowledgements.released("a")).isTrue();
    assertThat(acknowledgements.released("b")).isFalse();
  }

  @Test
  void drainingInstanceIsNotReleased() {
    acknowledgements.published(5, Set.of("a"));
    acknowledgements.published(6, Set.of());
    applied(6, "a");
    assertThat(acknowledgements.released("a")).isFalse();

    applied(6);
    assertThat(acknowledgements.released("a")).isTrue();
  }

  @Test
  void whatLeftUnderTheNameOfAnOlderVersionIsNotReleased() {
    acknowledgements.published(5, Set.of("shop.web.v3.1.g0"));
    acknowledgements.published(6, Set.of());
    applied(6, "shop.v3.web.1.g0");
    assertThat(acknowledgements.released("shop.web.v3.1.g0")).isFalse();
  }

  @Test
  void drainEndsAtItsTimeout() {
    acknowledgements.published(5, Set.of("a"));
    acknowledgements.published(6, Set.of());
    applied(6, "a");
    nanos += Duration.ofSeconds(29).toNanos();
    assertThat(acknowledgements.released("a")).isFalse();

    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(acknowledgements.released("a")).isTrue();
  }

  @Test
  void instanceThatComesBackIsNotReleased() {
    acknowledgements.published(5, Set.of("a"));
    acknowledgements.published(6, Set.of());
    applied(6);
    acknowledgements.published(7, Set.of("a"));
    applied(7);

    assertThat(acknowledgements.released("a")).isFalse();
  }

  @Test
  void tableOfAnEarlierProcessReleasesNothing() {
    applied(41);
    assertThat(acknowledgements.released("a")).as("nothing published yet").isFalse();

    acknowledgements.published(42, Set.of("b"));
    assertThat(acknowledgements.released("a")).as("the old table may name it").isFalse();

    applied(42);
    assertThat(acknowledgements.released("a")).isTrue();
  }

  private void applied(long generation, String... draining) {
    RouterStatus.Builder status = RouterStatus.newBuilder().setGeneration(generation);
    for (String instance : draining) {
      status.addDraining(Draining.newBuilder().setInstance(instance).setInFlight(1));
    }
    acknowledgements.told(status.build());
  }
}
