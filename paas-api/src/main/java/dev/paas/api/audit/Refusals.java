package dev.paas.api.audit;

import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was refused, by address, kind and minute, so that somebody who tries a million tokens
 * is a few rows. Bounded: of more addresses than it can tell apart, the others are counted
 * together. The minute that is under way is memory alone; a crash loses it.
 */
@ApplicationScoped
public class Refusals {

  /** How many the counts of one minute tell apart. */
  static final int MAX_APART = 200;

  private static final String OTHERS = "others";

  private final Clock clock;

  /** Guarded by itself. */
  private final Map<Refused, Long> counts = new HashMap<>();

  /** One line of the count. */
  record Refused(Instant minute, Actor actor, String kind, String app) {}

  public Refusals(Clock clock) {
    this.clock = clock;
  }

  /** Counts one more. */
  public void add(Actor actor, String kind, @Nullable AppName app) {
    Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    Refused exact =
        new Refused(
            minute,
            new Actor(actor.user(), actor.credential(), network(actor.address())),
            kind,
            app == null ? "" : app.value());
    synchronized (counts) {
      boolean known = counts.containsKey(exact) || counts.size() < MAX_APART;
      Refused counted = known ? exact : new Refused(minute, new Actor("", "", OTHERS), kind, "");
      counts.merge(counted, 1L, Long::sum);
    }
  }

  /** Takes what was counted in minutes that are over, or all of it. */
  Map<Refused, Long> take(boolean all) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    Map<Refused, Long> taken = new HashMap<>();
    synchronized (counts) {
      counts.forEach(
          (refused, times) -> {
            if (all || refused.minute().isBefore(now)) {
              taken.put(refused, times);
            }
          });
      counts.keySet().removeAll(taken.keySet());
    }
    return taken;
  }

  /** Puts back what could not be written. */
  void giveBack(Map<Refused, Long> taken) {
    synchronized (counts) {
      taken.forEach(
          (refused, times) -> {
            if (counts.containsKey(refused) || counts.size() < 2 * MAX_APART) {
              counts.merge(refused, times, Long::sum);
            }
          });
    }
  }

  /** An IPv4 address, or the first half of an IPv6 one: one customer has all of the other half. */
  static String network(String address) {
    String plain = address.startsWith("[") ? address.substring(1).replace("]", "") : address;
    int zone = plain.indexOf('%');
    String bare = zone < 0 ? plain : plain.substring(0, zone);
    if (bare.indexOf(':') < 0 || bare.equals("::1") || bare.indexOf('.') >= 0) {
      return bare;
    }
    String[] groups = expanded(bare);
    return groups[0] + ":" + groups[1] + ":" + groups[2] + ":" + groups[3] + "::/64";
  }

  private static String[] expanded(String address) {
    String[] groups = {"0", "0", "0", "0", "0", "0", "0", "0"};
    int gap = address.indexOf("::");
    String head = gap < 0 ? address : address.substring(0, gap);
    String[] first = head.isEmpty() ? new String[0] : head.split(":");
    System.arraycopy(first, 0, groups, 0, Math.min(first.length, groups.length));
    if (gap >= 0 && gap + 2 < address.length()) {
      String[] last = address.substring(gap + 2).split(":");
      int length = Math.min(last.length, groups.length);
      System.arraycopy(last, 0, groups, groups.length - length, length);
    }
    return groups;
  }
}
