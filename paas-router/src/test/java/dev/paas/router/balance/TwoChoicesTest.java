package dev.paas.router.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TwoChoicesTest {

  private static Instance instance(String id) {
    return new Instance("app", id, id, InetSocketAddress.createUnresolved("10.0.0.1", 1));
  }

  @Test
  void theLessBusyOfTwoIsChosen() {
    Instance idle = instance("idle");
    Instance busy = instance("busy");
    busy.enter(() -> {});
    TwoChoices choices = new TwoChoices();
    for (int i = 0; i < 20; i++) {
      assertThat(choices.choose(List.of(busy, idle), Set.of())).contains(idle);
    }
  }

  @Test
  void whatWasTriedIsNotChosenAgain() {
    Instance one = instance("one");
    Instance two = instance("two");
    TwoChoices choices = new TwoChoices();
    assertThat(choices.choose(List.of(one, two), Set.of(one))).contains(two);
    assertThat(choices.choose(List.of(one, two), Set.of(one, two))).isEmpty();
    assertThat(choices.choose(List.of(), Set.of())).isEmpty();
  }

  @Test
  void loadSpreadsEvenly() {
    Random random = new Random(1);
    TwoChoices choices = new TwoChoices(random::nextInt);
    List<Instance> instances = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      instances.add(instance("i" + i));
    }
    Map<Instance, Integer> counts = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      Instance chosen = choices.choose(instances, Set.of()).orElseThrow();
      chosen.enter(() -> {});
      counts.merge(chosen, 1, Integer::sum);
    }
    assertThat(counts.values())
        .hasSize(10)
        .allSatisfy(count -> assertThat(count).isBetween(95, 105));
  }

  @Test
  void aDepartedInstanceTakesNothingMoreAndTellsWhenItsLastRequestEnds() {
    Instance instance = instance("i");
    List<Integer> told = new ArrayList<>();
    List<String> cut = new ArrayList<>();
    Instance.Lease lease = instance.enter(() -> cut.add("cut"));
    assertThat(lease).isNotNull();
    instance.depart(() -> told.add(instance.inFlight()));
    assertThat(instance.enter(() -> {})).isNull();
    assertThat(instance.inFlight()).isEqualTo(1);
    instance.cut();
    assertThat(cut).containsExactly("cut");
    lease.end();
    lease.end();
    assertThat(told).containsExactly(0);
    assertThat(instance.inFlight()).isZero();
  }
}
