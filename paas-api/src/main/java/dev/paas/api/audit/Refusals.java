package dev.paas.api.audit;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was refused, by address, kind and minute, so that somebody who tries a million tokens
 * is a few rows. Bounded: of more addresses than it can tell apart, the others are counted
 * together, and of one user more refusals than a few of each minute: nobody takes the room of
 * others. The minute that is under way is memory alone; a crash loses it.
 */
@ApplicationScoped
public class Refusals {

  /** Of what is told apart, one user may have this part. */
  static final int PART_OF_USER = 10;

  private static final String OTHERS = "others";

  private final Clock clock;

  /** How many the counts of one minute tell apart. */
  private final int apart;

  /** Guarded by itself. */
  private final Map<Refused, Long> counts = new HashMap<>();

  /** One line of the count. */
  record Refused(
      Instant minute, Actor actor, String kind, String app, String subject, String code) {}

  public Refusals(Clock clock, PlatformSettings settings) {
    this.clock = clock;
    this.apart = settings.audit().refusalsApart();
  }

  /** Counts one more. */
  public void add(Actor actor, String kind, @Nullable AppName app) {
    add(actor, kind, app, "", "");
  }

  /** Counts one more that was refused for this reason. */
  public void add(
      Actor actor, String kind, @Nullable AppName app, String subject, Problem problem) {
    add(actor, kind, app, subject, problem.code());
  }

  /**
   * Counts one more.
   *
   * @param subject what of it; only so many of a user are told apart
   * @param code why
   */
  public void add(Actor actor, String kind, @Nullable AppName app, String subject, String code) {
    Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    Actor counted = new Actor(actor.user(), actor.credential(), network(actor.address()));
    Refused exact =
        new Refused(minute, counted, kind, app == null ? "" : app.value(), subject, code);
    synchronized (counts) {
      boolean known = counts.containsKey(exact) || hasRoom(actor.user());
      Actor others = new Actor(actor.user(), "", OTHERS);
      Refused line = known ? exact : new Refused(minute, others, kind, "", "", "");
      counts.merge(line, 1L, Long::sum);
    }
  }

  private boolean hasRoom(String user) {
    if (counts.size() >= apart) {
      return false;
    }
    return user.isEmpty()
        || counts.keySet().stream().filter(line -> line.actor().user().equals(user)).count()
            < Math.max(1, apart / PART_OF_USER);
  }

  /** What was counted and is not written yet, the newest minute first; entries without an id. */
  public List<Entry> unwritten() {
    List<Entry> all = new ArrayList<>();
    synchronized (counts) {
      counts.forEach((refused, times) -> all.add(Audit.refusal(refused, times).entry()));
    }
    all.sort(Comparator.comparing(Entry::at).reversed().thenComparing(Entry::kind));
    return all;
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
            if (counts.containsKey(refused) || counts.size() < 2 * apart) {
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
