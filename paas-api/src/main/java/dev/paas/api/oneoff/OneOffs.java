package dev.paas.api.oneoff;

import dev.paas.api.audit.Endings;
import dev.paas.api.quota.Quota;
import dev.paas.api.quota.QuotaUse;
import dev.paas.api.quota.Quotas;
import dev.paas.api.store.Store;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that have been asked for and are not over: those that live and die with their reader,
 * and sessions. The last places are for those who have none: however many runs one user starts,
 * another can start one.
 */
@ApplicationScoped
class OneOffs implements QuotaUse {

  /** How long a run waits for somebody to read it. */
  static final Duration UNREAD_LIFE = Duration.ofMinutes(1);

  private static final int ID_BYTES = 12;

  private final Store store;
  private final Quotas quotas;
  private final Endings endings;
  private final Ticker ticker;
  private final int most;
  private final int keptFree;
  private final long memory;
  private final SecureRandom random = new SecureRandom();

  /** Oldest first. Guarded by itself. */
  private final Map<String, Entry> runs = new LinkedHashMap<>();

  private record Entry(PlaceHolder holder, long sinceNanos) {}

  OneOffs(Store store, Quotas quotas, Endings endings, Ticker ticker, PlatformSettings settings) {
    this.store = store;
    this.most = settings.runtime().oneOffs();
    this.keptFree = Math.min(settings.runtime().oneOffsKeptFree(), most - 1);
    this.memory = settings.runtime().memory().bytes();
    this.quotas = quotas;
    this.endings = endings;
    this.ticker = ticker;
  }

  /** A name for a run that nobody else has and nobody guesses. */
  String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Takes a place for a run; in the commit that records it, so that of several that come at once,
   * also beside instances, each sees all that were before it.
   *
   * @param recording what else is part of that commit
   */
  void add(String id, PlaceHolder run, Runnable recording) {
    try {
      store.write(
          () -> {
            take(id, run);
            recording.run();
          });
    } catch (RuntimeException | Error refused) {
      remove(id);
      throw refused;
    }
  }

  /** Gives a session its place that runs already, whatever the bounds say. */
  void adopt(OpenSession session) {
    synchronized (runs) {
      runs.putIfAbsent(session.id(), new Entry(session, ticker.nanos()));
    }
  }

  private void take(String id, PlaceHolder run) {
    synchronized (runs) {
      runs.values().removeIf(entry -> isStale(entry) && forgotten(entry));
      if (!hasPlace(run.user())) {
        // The user's own that nobody came to read make room; those of others stay.
        runs.values()
            .removeIf(entry -> entry.holder().user().equals(run.user()) && forgotten(entry));
      }
      if (!hasPlace(run.user())) {
        throw Problem.of(
                Kind.BUSY,
                "run.busy",
                "There are too many runs at once",
                "Wait until some of them are over.")
            .asException();
      }
      long mine = used(run.user());
      quotas.require(run.user(), Quota.RUNS, mine, mine + 1);
      runs.put(id, new Entry(run, ticker.nanos()));
    }
    if (run.takesMemory()) {
      long all = quotas.used(run.user(), Quota.MEMORY);
      quotas.require(run.user(), Quota.MEMORY, all - memory, all);
    }
  }

  /** Whether nobody came to read it. */
  private boolean forgotten(Entry entry) {
    if (!entry.holder().waits()) {
      return false;
    }
    endings.failed(entry.holder().entry(), null);
    return true;
  }

  private boolean isStale(Entry entry) {
    return ticker.since(entry.sinceNanos()).compareTo(UNREAD_LIFE) > 0;
  }

  private boolean hasPlace(String user) {
    boolean none = runs.values().stream().noneMatch(entry -> entry.holder().user().equals(user));
    return runs.size() < (none ? most : most - keptFree);
  }

  @Override
  public Quota of() {
    return Quota.RUNS;
  }

  @Override
  public long used(String user) {
    synchronized (runs) {
      return runs.values().stream().filter(entry -> entry.holder().user().equals(user)).count();
    }
  }

  /** Each may use as much memory as an instance. */
  @Produces
  @Singleton
  QuotaUse memoryUse() {
    return new QuotaUse() {
      @Override
      public Quota of() {
        return Quota.MEMORY;
      }

      @Override
      public long used(String user) {
        synchronized (runs) {
          return memory
              * runs.values().stream()
                  .map(Entry::holder)
                  .filter(holder -> holder.takesMemory() && holder.user().equals(user))
                  .count();
        }
      }
    };
  }

  /** A run that its reader starts. */
  Optional<OneOff> find(String id) {
    synchronized (runs) {
      Entry entry = runs.get(id);
      return entry != null && entry.holder() instanceof OneOff run
          ? Optional.of(run)
          : Optional.empty();
    }
  }

  /** The sessions that have places. */
  List<OpenSession> sessions() {
    synchronized (runs) {
      return runs.values().stream()
          .map(Entry::holder)
          .filter(OpenSession.class::isInstance)
          .map(OpenSession.class::cast)
          .toList();
    }
  }

  /** Gives its place back; whoever had it, the first time. */
  Optional<PlaceHolder> remove(String id) {
    synchronized (runs) {
      return Optional.ofNullable(runs.remove(id)).map(Entry::holder);
    }
  }
}
