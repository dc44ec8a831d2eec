package dev.paas.api.building;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PlacesTest {

  private final List<String> granted = new ArrayList<>();
  private int clock;

  @Test
  void oneUserAloneHoldsEveryPlace() {
    Places places = places(2);
    assertThat(ask(places, "a1", "ann", false)).isTrue();
    assertThat(ask(places, "a2", "ann", false)).isTrue();
    assertThat(ask(places, "a3", "ann", false)).isFalse();
  }

  @Test
  void besideOthersNobodyHoldsTheLastPlace() {
    Places places = places(3);
    assertThat(ask(places, "a1", "ann", true)).isTrue();
    assertThat(ask(places, "a2", "ann", true)).isTrue();
    assertThat(ask(places, "a3", "ann", true)).isFalse();
    assertThat(ask(places, "b1", "bob", true)).isTrue();
  }

  @Test
  void theOnlyPlaceOfAPlatformIsGivenToAnybody() {
    Places places = places(1);
    assertThat(ask(places, "a1", "ann", true)).isTrue();
    assertThat(ask(places, "b1", "bob", true)).isFalse();
    places.leave(app("a1"));
    assertThat(places.holds(app("b1"))).isTrue();
  }

  @Test
  void aFreePlaceGoesToWhoeverHasFewestAndThenToTheOldest() {
    Places places = places(3);
    ask(places, "a1", "ann", true);
    ask(places, "a2", "ann", true);
    ask(places, "c1", "eve", true);
    ask(places, "a3", "ann", true);
    ask(places, "c2", "eve", true);
    ask(places, "b1", "bob", true);
    granted.clear();
    places.leave(app("a1"));
    assertThat(granted).as("bob has none, ann and eve one each").containsExactly("b1");
    places.leave(app("b1"));
    assertThat(granted).as("ann asked before eve").containsExactly("b1", "a3");
  }

  @Test
  void twentyWaitingBuildsOfOneUserDelayNobodyElse() {
    Places places = places(2);
    for (int i = 1; i <= 20; i++) {
      ask(places, "a" + i, "ann", true);
    }
    assertThat(ask(places, "b1", "bob", true)).isTrue();
  }

  @Test
  void whoeverJoinsWhenOneUserHoldsAllPlacesDoesNotWaitForHim() {
    Places places = places(2);
    ask(places, "a1", "ann", false);
    ask(places, "a2", "ann", false);
    ask(places, "a3", "ann", false);
    assertThat(ask(places, "b1", "bob", true)).as("one place more").isTrue();
    assertThat(ask(places, "b2", "bob", true)).as("bob has one").isFalse();
    assertThat(ask(places, "c1", "eve", true)).as("only one place more").isFalse();
    granted.clear();
    places.leave(app("a1"));
    assertThat(granted).as("there are as many as places again").isEmpty();
    places.leave(app("a2"));
    assertThat(granted).as("ann has none either, and asked before eve").containsExactly("a3");
  }

  @Test
  void theOnlyPlaceOfAPlatformStaysTheOnlyOneWhenSomebodyJoins() {
    Places places = places(1);
    ask(places, "a1", "ann", false);
    assertThat(ask(places, "b1", "bob", true)).isFalse();
  }

  @Test
  void askingAgainNeitherTakesASecondPlaceNorLosesTheOne() {
    Places places = places(2);
    assertThat(ask(places, "a1", "ann", false)).isTrue();
    assertThat(ask(places, "a1", "ann", false)).isTrue();
    assertThat(ask(places, "a2", "ann", false)).isTrue();
    assertThat(granted).as("nobody had to wait").isEmpty();
  }

  @Test
  void whoeverLeavesTheLineGetsNoPlace() {
    Places places = places(1);
    ask(places, "a1", "ann", true);
    ask(places, "b1", "bob", true);
    places.leave(app("b1"));
    places.leave(app("a1"));
    assertThat(granted).isEmpty();
  }

  /** Whatever comes and goes: never too many, never above a share, and never idle for nothing. */
  @Test
  void noPlaceIsGivenTwiceWithheldOrTakenBeyondAShare() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int total = 1 + random.nextInt(5);
      boolean several = random.nextBoolean();
      int users = several ? 2 + random.nextInt(4) : 1;
      Places places = places(total);
      Map<String, String> open = new TreeMap<>();
      for (int step = 0; step < 200; step++) {
        String name = "app" + random.nextInt(20);
        if (random.nextInt(3) > 0 && !open.containsKey(name)) {
          String user = "u" + random.nextInt(users);
          open.put(name, user);
          ask(places, name, user, several);
        } else {
          open.remove(name);
          places.leave(app(name));
        }
        verify(places, open, total, several ? Math.max(1, total - 1) : total, seed);
      }
    }
  }

  private static void verify(
      Places places, Map<String, String> open, int total, int share, int seed) {
    Map<String, Integer> held = new TreeMap<>();
    Set<String> wanting = new HashSet<>();
    int holders = 0;
    for (Map.Entry<String, String> entry : open.entrySet()) {
      if (places.holds(app(entry.getKey()))) {
        holders++;
        held.merge(entry.getValue(), 1, Integer::sum);
      } else {
        wanting.add(entry.getValue());
      }
    }
    assertThat(holders).as("seed %d", seed).isLessThanOrEqualTo(total);
    assertThat(held.values()).as("seed %d", seed).allMatch(n -> n <= share);
    if (holders < total) {
      assertThat(wanting)
          .as("seed %d: who waits beside a free place has a whole share", seed)
          .allMatch(user -> held.getOrDefault(user, 0) == share);
    }
  }

  private Places places(int total) {
    return new Places(total, app -> granted.add(app.value()));
  }

  private boolean ask(Places places, String app, String owner, boolean several) {
    return places.ask(new Places.Claim(app(app), owner, Instant.ofEpochSecond(clock++)), several);
  }

  private static AppName app(String name) {
    return new AppName(name);
  }
}
