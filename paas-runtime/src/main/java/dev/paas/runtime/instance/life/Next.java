package dev.paas.runtime.instance.life;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an observation makes of an instance.
 *
 * @param actions in the order in which they are to be done; one that fails does not keep the others
 *     from being done
 * @param wake what is observed later by itself
 */
public record Next(Life life, List<Action> actions, Optional<Wake> wake) {

  /**
   * An observation that only time brings.
   *
   * @param after from now on
   */
  public record Wake(Duration after, Observation observation) {}

  public Next {
    actions = List.copyOf(actions);
  }

  static Next of(Life life, Action... actions) {
    return new Next(life, List.of(actions), Optional.empty());
  }

  static Next unchanged(Life life) {
    return of(life);
  }

  Next wake(Duration after, Observation observation) {
    return new Next(life, actions, Optional.of(new Wake(after, observation)));
  }

  /** The same with one more action before the others. */
  Next first(Action action) {
    List<Action> all = new ArrayList<>(List.of(action));
    all.addAll(actions);
    return new Next(life, all, wake);
  }
}
