package dev.paas.gitreceiver.ssh;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is let in, as the router does it: once half of the connections are in use, one holder may
 * have a quarter of them. A holder is an address until it has shown a key, and a user after.
 *
 * <p>Of those without a key one too many closes the oldest, not the newest: who holds connections
 * open without speaking keeps nobody out, since a real client needs a fraction of a second. Of
 * those with a key one too many is refused, as the others may be in the middle of a push.
 *
 * @param <S> a connection
 */
final class Door<S> {

  private static final int SHARES = 4;

  private final int max;
  private final int maxPerAddress;

  /** Without a key, oldest first. Guarded by this, as all that follows. */
  private final Map<S, Object> knocking = new LinkedHashMap<>();

  private final Map<S, String> inside = new HashMap<>();

  /**
   * @param max connections with a key, and as many without one
   * @param maxPerAddress connections of an address without a key
   */
  Door(int max, int maxPerAddress) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  /**
   * Somebody connects.
   *
   * @param address equal for all addresses of one subscriber
   * @return whom to close instead
   */
  synchronized Optional<S> knock(S session, Object address) {
    Map<Object, Integer> held = held(knocking);
    Optional<S> tooMany = Optional.empty();
    if (held.getOrDefault(address, 0) >= most(knocking.size() + 1, maxPerAddress)) {
      tooMany = oldest(address);
    } else if (knocking.size() >= max) {
      tooMany =
          held.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .flatMap(e -> oldest(e.getKey()));
    }
    tooMany.ifPresent(knocking::remove);
    knocking.put(session, address);
    return tooMany;
  }

  private Optional<S> oldest(Object address) {
    return knocking.entrySet().stream()
        .filter(open -> open.getValue().equals(address))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** What one holder may have when so many are in use. */
  private int most(int used, int otherwise) {
    return 2 * used > max ? Math.min(otherwise, Math.max(1, max / SHARES)) : otherwise;
  }

  private static <K> Map<Object, Integer> held(Map<?, K> sessions) {
    Map<Object, Integer> held = new HashMap<>();
    sessions.values().forEach(holder -> held.merge(holder, 1, Integer::sum));
    return held;
  }

  /**
   * Somebody has shown a key.
   *
   * @return why the connection is refused all the same
   */
  synchronized Optional<Problem> enter(S session, String user) {
    if (knocking.remove(session) == null) {
      return Optional.empty(); // closed meanwhile
    }
    int own = held(inside).getOrDefault(user, 0);
    int most = most(inside.size() + 1, max);
    if (inside.size() >= max) {
      return Optional.of(
          Problem.of(
              Kind.BUSY,
              "ssh.busy",
              "All SSH connections of the platform are in use",
              "limit " + max,
              "Connect again in a moment, or raise ssh.max-sessions."));
    }
    if (own >= most) {
      return Optional.of(
          Problem.of(
              Kind.OVER_LIMIT,
              "ssh.too-many-sessions",
              "You have as many SSH connections open as one user may while others need some",
              own + ", limit " + most,
              "End some of them (pushes, followed logs, runs), or raise ssh.max-sessions."));
    }
    inside.put(session, user);
    return Optional.empty();
  }

  synchronized void leave(S session) {
    knocking.remove(session);
    inside.remove(session);
  }
}
