package dev.paas.api.reconcile;

import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the work that kills daemons, so that it is not taken up for ever.
 *
 * <ol>
 *   <li>before a step of some work runs, it is durable that the work is under way; a death of the
 *       process leaves that
 *   <li>the next start finds what was under way. An orderly stop and a boot of the host mean
 *       nothing; after any other end all of it is suspect, and if it was one work alone, the death
 *       is counted against it
 *   <li>while anything is suspect, one work at a time is under way: whatever kills the process next
 *       was alone
 *   <li>the same holds for work that paas-runtimed was busy with when it died. It counts its own
 *       deaths; work that lost it is not taken up again before it has told the number
 *   <li>work with {@link #DEATHS} deaths is ended by its owner instead of being taken up
 *   <li>work that has ended is forgotten, in the commit that records its end
 * </ol>
 */
@ApplicationScoped
public class Attempts {

  /** After so many deaths alone, work is not taken up again. */
  public static final int DEATHS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final Store store;

  /** Guarded by this. */
  private final Set<Work> suspects = new HashSet<>();

  /** Work that lost the runtime and has not been judged. Guarded by this. */
  private final Set<Work> lost = new HashSet<>();

  /** How often the runtime has died; -1 while it is away. Guarded by this. */
  private long runtimeDeaths = -1;

  /** Which work is under way while anything is suspect. Guarded by this. */
  private @Nullable Work turn;

  public Attempts(Store store) {
    this.store = store;
  }

  /**
   * Looks at what the process before this one left; before any work is taken up.
   *
   * @param boot which boot of the host this is
   */
  public void takeStock(String boot) {
    List<Work> found =
        store.commit(
            () -> {
              LastLifeRow life = LastLifeRow.findById(LastLifeRow.ONLY);
              boolean died = life != null && !life.orderly && life.boot.equals(boot);
              List<AttemptRow> left = AttemptRow.list("underWay = true");
              if (died) {
                blame("paasd", left);
              }
              left.forEach(row -> row.underWay = false);
              LastLifeRow now = life == null ? new LastLifeRow() : life;
              now.id = LastLifeRow.ONLY;
              now.boot = boot;
              now.orderly = false;
              now.persist();
              return suspected();
            });
    suspect(found);
    lose(store.read(() -> AttemptRow.<AttemptRow>list("lost = true")));
  }

  private synchronized void lose(List<AttemptRow> rows) {
    rows.forEach(row -> lost.add(row.work()));
  }

  /** The runtime does not answer any more. */
  public synchronized void runtimeLost() {
    runtimeDeaths = -1;
  }

  /**
   * The runtime answers, again or for the first time. If it has died since work was begun that has
   * lost it, or that has not noticed yet, this work is suspect, and if it was one work alone, the
   * death is counted against it.
   *
   * @param deaths of the runtime so far
   */
  public void runtimeFound(long deaths) {
    List<Work> found =
        store.commit(
            () -> {
              List<AttemptRow> busy = AttemptRow.list("(lost = true or underWay = true)");
              busy.removeIf(row -> row.work().kind() == Work.Kind.PUSH);
              blame(
                  "paas-runtimed",
                  busy.stream()
                      .filter(row -> row.runtimeDeaths >= 0 && row.runtimeDeaths < deaths)
                      .toList());
              busy.forEach(
                  row -> {
                    row.lost = false;
                    row.runtimeDeaths = deaths;
                  });
              return suspected();
            });
    suspect(found);
    synchronized (this) {
      lost.clear();
      runtimeDeaths = deaths;
    }
  }

  /** The process ends because it was told to: what is under way is not to blame for anything. */
  public void stopped() {
    store.write(
        () -> {
          LastLifeRow life = LastLifeRow.findById(LastLifeRow.ONLY);
          if (life != null) {
            life.orderly = true;
          }
        });
  }

  private static void blame(String daemon, List<AttemptRow> underWay) {
    for (AttemptRow row : underWay) {
      row.suspect = true;
      if (underWay.size() == 1) {
        row.deaths++;
      }
      LOG.atWarn()
          .addKeyValue("daemon", daemon)
          .addKeyValue("kind", row.kind)
          .addKeyValue("app", row.app)
          .addKeyValue("number", row.number)
          .addKeyValue("deaths", row.deaths)
          .addKeyValue("besides", underWay.size() - 1)
          .log("under way when a daemon died");
    }
  }

  private static List<Work> suspected() {
    return AttemptRow.<AttemptRow>list("suspect = true").stream().map(AttemptRow::work).toList();
  }

  private synchronized void suspect(List<Work> found) {
    suspects.addAll(found);
  }

  /**
   * The owner's open work of a kind: forgets the rest, and answers with what must be ended instead
   * of being taken up.
   */
  public Set<Work> poisoned(Work.Kind kind, Collection<Work> open) {
    Set<Work> known = Set.copyOf(open);
    List<AttemptRow> rows =
        store.read(() -> AttemptRow.<AttemptRow>list("kind = ?1", kind.stored()));
    rows.stream().map(AttemptRow::work).filter(work -> !known.contains(work)).forEach(this::end);
    return rows.stream()
        .filter(row -> row.deaths >= DEATHS)
        .map(AttemptRow::work)
        .filter(known::contains)
        .collect(Collectors.toSet());
  }

  /** Whether the work is to be ended instead of being taken up. */
  public boolean isPoisoned(Work work) {
    return oneByOne()
        && store.read(() -> AttemptRow.of(work).map(row -> row.deaths >= DEATHS).orElse(false));
  }

  /** Whether work is taken up one at a time at this moment. */
  public synchronized boolean oneByOne() {
    return !suspects.isEmpty();
  }

  /**
   * Asks whether a step of the work may run now. When it may and anything is suspect, it is durable
   * that the work is under way; else the caller says so in a commit of its own ({@link #begin}).
   */
  public boolean take(Work work) {
    synchronized (this) {
      if (lost.contains(work)) {
        return false;
      }
      if (suspects.isEmpty()) {
        return true;
      }
      if (turn != null && !turn.equals(work)) {
        return false;
      }
      turn = work;
    }
    mark(work);
    return true;
  }

  /** The work is under way; part of the commit that begins it. */
  public void begin(Work work) {
    if (!oneByOne()) {
      mark(work);
    }
  }

  private void mark(Work work) {
    boolean known = store.read(() -> AttemptRow.of(work).map(row -> row.underWay).orElse(false));
    if (!known) {
      long deaths;
      synchronized (this) {
        deaths = runtimeDeaths;
      }
      store.write(
          () -> {
            AttemptRow row = AttemptRow.made(work);
            row.underWay = true;
            row.runtimeDeaths = deaths;
          });
    }
  }

  /** The work waits for something else and is not to blame for what happens meanwhile. */
  public void rest(Work work) {
    if (store.read(() -> AttemptRow.of(work).map(row -> row.underWay).orElse(false))) {
      store.write(() -> AttemptRow.of(work).ifPresent(row -> row.underWay = false));
    }
    leave(work);
  }

  /**
   * The runtime went away while the work was under way: what that means is known when it is back.
   */
  public void lost(Work work) {
    boolean under =
        store.commit(
            () -> {
              Optional<AttemptRow> row = AttemptRow.of(work).filter(known -> known.underWay);
              row.ifPresent(
                  known -> {
                    known.underWay = false;
                    known.lost = true;
                  });
              return row.isPresent();
            });
    synchronized (this) {
      // Once it is found again it has judged what was under way, this as well.
      if (under && runtimeDeaths < 0) {
        lost.add(work);
      }
    }
    leave(work);
  }

  /** The work is over; part of the commit that records its end. */
  public void end(Work work) {
    store.write(
        () -> {
          AttemptRow.of(work).ifPresent(AttemptRow::delete);
          store.afterCommit(() -> acquit(work));
        });
  }

  /** The app is being destroyed, and all its work with it. */
  public void forget(AppName app) {
    List<AttemptRow> rows = store.read(() -> AttemptRow.<AttemptRow>list("app = ?1", app.value()));
    rows.forEach(row -> end(row.work()));
  }

  private synchronized void acquit(Work work) {
    lost.remove(work);
    if (suspects.remove(work) && suspects.isEmpty()) {
      LOG.atInfo().log("nothing is suspect any more");
    }
    leave(work);
  }

  private synchronized void leave(Work work) {
    if (work.equals(turn)) {
      turn = null;
    }
  }
}
