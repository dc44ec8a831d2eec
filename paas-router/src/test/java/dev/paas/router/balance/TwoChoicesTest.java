package dev.paas.router.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.time.Backoff;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TwoChoicesTest {

  private static final long SECOND = 1_000_000_000;

  private static Upstream upstream(String id) {
    return new Upstream("app", id, id, InetSocketAddress.createUnresolved("10.0.0.1", 1));
  }

  @Test
  void theLessBusyOfTwoIsChosen() {
    Upstream idle = upstream("idle");
    Upstream busy = upstream("busy");
    busy.enter(() -> {});
    TwoChoices choices = new TwoChoices();
    for (int i = 0; i < 20; i++) {
      assertThat(choices.choose(List.of(busy, idle), Set.of(), 0)).contains(idle);
    }
  }

  @Test
  void whatWasTriedIsNotChosenAgain() {
    Upstream one = upstream("one");
    Upstream two = upstream("two");
    TwoChoices choices = new TwoChoices();
    assertThat(choices.choose(List.of(one, two), Set.of(one), 0)).contains(two);
    assertThat(choices.choose(List.of(one, two), Set.of(one, two), 0)).isEmpty();
    assertThat(choices.choose(List.of(), Set.of(), 0)).isEmpty();
  }

  @Test
  void whatIsAcquiredHasCountedTheRequestInAndIsCutWithItsInstance() {
    Upstream upstream = upstream("i");
    List<String> cut = new ArrayList<>();
    Acquired acquired =
        new TwoChoices().acquire(List.of(upstream), Set.of(), 0, () -> cut.add("cut"));
    assertThat(acquired).isInstanceOf(Acquired.Chosen.class);
    assertThat(upstream.inFlight()).isEqualTo(1);
    upstream.cut();
    assertThat(cut).containsExactly("cut");
    ((Acquired.Chosen) acquired).lease().end();
    assertThat(upstream.inFlight()).isZero();
  }

  @Test
  void anInstanceThatRetiresMeanwhileIsToldApartFromNone() {
    Upstream upstream = upstream("i");
    upstream.retire(() -> {});
    TwoChoices choices = new TwoChoices();
    assertThat(choices.acquire(List.of(upstream), Set.of(), 0, () -> {}))
        .isEqualTo(Acquired.Missing.RETIRED);
    assertThat(choices.acquire(List.of(upstream), Set.of(upstream), 0, () -> {}))
        .isEqualTo(Acquired.Missing.NONE);
    assertThat(choices.acquire(List.of(), Set.of(), 0, () -> {})).isEqualTo(Acquired.Missing.NONE);
    assertThat(upstream.inFlight()).isZero();
  }

  @Test
  void whatFailsIsLeftOutForLongerEachTimeAndNeverLeavesNobody() {
    Upstream failing = upstream("failing");
    Upstream well = upstream("well");
    well.enter(() -> {});
    TwoChoices choices = new TwoChoices();
    List<Upstream> both = List.of(failing, well);
    long now = 0;
    for (int i = 0; i < 3; i++) {
      assertThat(choices.choose(both, Set.of(), now)).contains(failing);
      fail(failing, now);
    }
    for (int times = 0; times < 10; times++) {
      long seconds = Math.min(30, 1L << times);
      fail(failing, now);
      assertThat(choices.choose(both, Set.of(), now + seconds * SECOND - 1)).contains(well);
      assertThat(choices.choose(List.of(failing), Set.of(), now)).contains(failing);
      now += seconds * SECOND;
      assertThat(choices.choose(both, Set.of(), now)).as("asked again").contains(failing);
      fail(failing, now);
    }
    failing.health().answered();
    assertThat(choices.choose(both, Set.of(), now)).contains(failing);
    fail(failing, now);
    assertThat(choices.choose(both, Set.of(), now)).as("one failure is none").contains(failing);
    for (int i = 0; i < 3; i++) {
      fail(failing, now);
      fail(well, now);
    }
    assertThat(choices.choose(both, Set.of(), now)).isPresent();
  }

  private static void fail(Upstream upstream, long now) {
    upstream.health().failed(now, 3, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30)));
  }

  @Test
  void aConnectionThatIsAboutToCloseCarriesNothingThatCannotBeRepeated() {
    Health health = new Health();
    assertThat(health.surelyOpen()).isBetween(1L, SECOND / 2);
    health.closesAfter(5 * SECOND);
    assertThat(health.surelyOpen()).isBetween(3 * SECOND, 4 * SECOND);
    health.closesAfter(SECOND);
    health.closesAfter(60 * SECOND);
    assertThat(health.surelyOpen()).isBetween(SECOND / 2, SECOND);
    health.closesAfter(SECOND / 100);
    assertThat(health.surelyOpen()).isZero();
  }

  @Test
  void loadSpreadsEvenly() {
    Random random = new Random(1);
    TwoChoices choices = new TwoChoices(random::nextInt);
    List<Upstream> upstreams = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      upstreams.add(upstream("i" + i));
    }
    Map<Upstream, Integer> counts = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      Upstream chosen = choices.choose(upstreams, Set.of(), 0).orElseThrow();
      chosen.enter(() -> {});
      counts.merge(chosen, 1, Integer::sum);
    }
    assertThat(counts.values())
        .hasSize(10)
        .allSatisfy(count -> assertThat(count).isBetween(95, 105));
  }

  @Test
  void aRetiredInstanceTakesNothingMoreAndTellsWhenItsLastRequestEnds() {
    Upstream upstream = upstream("i");
    List<Integer> told = new ArrayList<>();
    List<String> cut = new ArrayList<>();
    Upstream.Lease lease = upstream.enter(() -> cut.add("cut"));
    assertThat(lease).isNotNull();
    upstream.retire(() -> told.add(upstream.inFlight()));
    assertThat(upstream.enter(() -> {})).isNull();
    assertThat(upstream.inFlight()).isEqualTo(1);
    upstream.cut();
    assertThat(cut).containsExactly("cut");
    lease.end();
    lease.end();
    assertThat(told).containsExactly(0);
    assertThat(upstream.inFlight()).isZero();
  }
}
