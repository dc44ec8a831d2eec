package dev.paas.api.oneoff;

import dev.paas.base.problem.Problem;
import java.util.concurrent.ConcurrentHashMap;

/** How many of something each user has now; there is a most for each. */
final class UserPlaces {

  private final ConcurrentHashMap<String, Integer> taken = new ConcurrentHashMap<>();
  private final int most;
  private final Problem full;

  /**
   * @param full what is said to whoever has the most already
   */
  UserPlaces(int most, Problem full) {
    this.most = most;
    this.full = full;
  }

  /**
   * @throws dev.paas.base.problem.PaasException when the user has the most
   */
  void take(String user) {
    taken.compute(
        user,
        (same, now) -> {
          int before = now == null ? 0 : now;
          if (before >= most) {
            throw full.asException();
          }
          return before + 1;
        });
  }

  void leave(String user) {
    taken.computeIfPresent(user, (same, now) -> now == 1 ? null : now - 1);
  }
}
