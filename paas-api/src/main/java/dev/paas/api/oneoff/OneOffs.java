package dev.paas.api.oneoff;

import dev.paas.api.audit.Endings;
import dev.paas.api.quota.Quota;
import dev.paas.api.quota.QuotaUse;
import dev.paas.api.quota.Quotas;
import dev.paas.base.problem.Problem;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that have been asked for and are not over; they live and die with their reader. The last
 * places are for those who have none: however many runs one user starts, another can start one.
 */
@ApplicationScoped
class OneOffs implements QuotaUse {

  /** Asked for and not read yet, or running, on the whole platform. */
  static final int MAX = 64;

  /** Places that only somebody without a run gets. */
  static final int KEPT_FREE = 16;

  /** How long a run waits for somebody to read it. */
  static final Duration UNREAD_LIFE = Duration.ofMinutes(1);

  private static final int ID_BYTES = 12;

  private final Quotas quotas;
  private final Endings endings;
  private final Ticker ticker;
  private final SecureRandom random = new SecureRandom();

  /** Oldest first. Guarded by itself. */
  private final Map<String, Entry> runs = new LinkedHashMap<>();

  private record Entry(OneOff run, long sinceNanos) {}

  OneOffs(Quotas quotas, Endings endings, Ticker ticker) {
    this.quotas = quotas;
    this.endings = endings;
    this.ticker = ticker;
  }

  String add(OneOff run) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    synchronized (runs) {
      runs.values().removeIf(entry -> isStale(entry) && forgotten(entry));
      if (!hasPlace(run.user())) {
        // The user's own that nobody came to read make room; those of others stay.
        runs.values().removeIf(entry -> entry.run().user().equals(run.user()) && forgotten(entry));
      }
      if (!hasPlace(run.user())) {
        throw Problem.of(
                "run.busy", "There are too many runs at once", "Wait until some of them are over.")
            .asException();
      }
      long mine = used(run.user());
      quotas.require(run.user(), Quota.RUNS, mine, mine + 1);
      runs.put(id, new Entry(run, ticker.nanos()));
    }
    return id;
  }

  /** Whether nobody came to read it. */
  private boolean forgotten(Entry entry) {
    if (entry.run().started()) {
      return false;
    }
    endings.failed(entry.run().entry(), null);
    return true;
  }

  private boolean isStale(Entry entry) {
    return ticker.since(entry.sinceNanos()).compareTo(UNREAD_LIFE) > 0;
  }

  private boolean hasPlace(String user) {
    boolean none = runs.values().stream().noneMatch(entry -> entry.run().user().equals(user));
    return runs.size() < (none ? MAX : MAX - KEPT_FREE);
  }

  @Override
  public Quota of() {
    return Quota.RUNS;
  }

  @Override
  public long used(String user) {
    synchronized (runs) {
      return runs.values().stream().filter(entry -> entry.run().user().equals(user)).count();
    }
  }

  Optional<OneOff> find(String id) {
    synchronized (runs) {
      return Optional.ofNullable(runs.get(id)).map(Entry::run);
    }
  }

  void remove(String id) {
    synchronized (runs) {
      runs.remove(id);
    }
  }
}
