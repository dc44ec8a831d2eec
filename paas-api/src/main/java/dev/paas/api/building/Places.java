package dev.paas.api.building;

import dev.paas.base.name.AppName;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The places of builds and who gets the next one: of all who wait, the user with the fewest builds
 * under way; of these, whoever has waited longest. While several people use the platform, nobody
 * holds the last place: somebody else's build can begin at any time, however long the others take.
 * Whoever took all places while he was alone keeps them until his builds end; until then one place
 * more than there are is given, to somebody who has none.
 *
 * <p>An app has at most one place. All of this is memory: after a restart every open build asks
 * again.
 */
final class Places {

  /**
   * An app that wants to build.
   *
   * @param owner whose share it counts for
   * @param since when its build was queued
   */
  record Claim(AppName app, String owner, Instant since) {}

  private final int total;
  private final Consumer<AppName> granted;

  /** All guarded by this. */
  private final Map<AppName, Claim> waiting = new HashMap<>();

  private final Map<AppName, String> holders = new HashMap<>();
  private boolean shared;

  /**
   * @param total how many build at once
   * @param granted hears of each app that gets a place after it had to wait; must not block
   */
  Places(int total, Consumer<AppName> granted) {
    this.total = total;
    this.granted = granted;
  }

  /**
   * Waits for a place, unless the app has one; asking again changes nothing.
   *
   * @param severalUsers whether somebody else may want to build
   * @return whether the app holds a place now
   */
  synchronized boolean ask(Claim claim, boolean severalUsers) {
    shared = severalUsers;
    if (!holders.containsKey(claim.app())) {
      waiting.put(claim.app(), claim);
    }
    grant(Optional.of(claim.app()));
    return holders.containsKey(claim.app());
  }

  synchronized boolean holds(AppName app) {
    return holders.containsKey(app);
  }

  /** The app neither builds nor waits any more. */
  synchronized void leave(AppName app) {
    waiting.remove(app);
    holders.remove(app);
    grant(Optional.empty());
  }

  /** How many builds of one user run at once. */
  synchronized int share() {
    return shared ? Math.max(1, total - 1) : total;
  }

  private void grant(Optional<AppName> asking) {
    Optional<Claim> next = next();
    while (next.isPresent()) {
      Claim claim = next.get();
      waiting.remove(claim.app());
      holders.put(claim.app(), claim.owner());
      if (!asking.equals(Optional.of(claim.app()))) {
        granted.accept(claim.app());
      }
      next = next();
    }
  }

  private Optional<Claim> next() {
    if (holders.size() >= total && !(holders.size() == total && isAnyoneAboveShare())) {
      return Optional.empty();
    }
    // The place beyond the total is for a user who has none; any other user has begun already.
    long below = holders.size() < total ? share() : 1;
    return waiting.values().stream()
        .filter(claim -> held(claim.owner()) < below)
        .min(
            Comparator.<Claim>comparingLong(claim -> held(claim.owner()))
                .thenComparing(Claim::since)
                .thenComparing(claim -> claim.app().value()));
  }

  private boolean isAnyoneAboveShare() {
    return holders.values().stream().anyMatch(owner -> held(owner) > share());
  }

  private long held(String owner) {
    return holders.values().stream().filter(owner::equals).count();
  }
}
