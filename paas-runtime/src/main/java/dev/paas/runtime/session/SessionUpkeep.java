package dev.paas.runtime.session;

import dev.paas.base.time.Ticker;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.session.launch.Launchers;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import dev.paas.runtime.session.roster.SessionRoster;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every session now and then, and does what is due: ends those whose time is over, sees
 * ends that nobody told, lets go of streams that nobody reads, forgets what was kept long enough.
 * What it decides by is noted or can be asked, so it decides the same after a restart; only for how
 * long nobody has been attached is counted from there.
 */
final class SessionUpkeep {

  /**
   * How long a command waits for somebody to read what it prints: from its start until someone
   * attaches, and from its end until they have read. After that, output is read from the log.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(SessionUpkeep.class);

  private final SessionRoster roster;
  private final SessionPlaces places;
  private final SessionEnds ends;
  private final Launchers launchers;
  private final SessionLimits limits;
  private final Clock clock;
  private final Ticker ticker;

  /** No start that an earlier daemon began is younger. */
  private final long adoptedAtNanos;

  SessionUpkeep(
      SessionPlaces places,
      SessionEnds ends,
      Launchers launchers,
      SessionLimits limits,
      Clock clock,
      Ticker ticker) {
    this.roster = places.roster();
    this.places = places;
    this.ends = ends;
    this.launchers = launchers;
    this.limits = limits;
    this.clock = clock;
    this.ticker = ticker;
    this.adoptedAtNanos = ticker.nanos();
  }

  /** Does what is due now. */
  void look() throws IOException {
    for (SessionEntry entry : roster.all()) {
      try {
        if (entry.hasEnded()) {
          freeAgain(entry);
        } else if (entry.started().isDone()) {
          look(entry);
        }
      } catch (IOException | RuntimeException failed) {
        // The others are looked at all the same.
        LOG.atWarn().addKeyValue("session", entry.id()).setCause(failed).log("not looked after");
      }
    }
    forgetOld();
  }

  private void freeAgain(SessionEntry entry) {
    long failedAt = entry.endTriedMillis();
    if (failedAt > 0 && clock.millis() - failedAt >= PATIENCE.toMillis()) {
      ends.ended(entry);
    }
  }

  private void look(SessionEntry entry) throws IOException {
    entry.output().look();
    if (launchers.isTold(entry)) {
      ends.ended(entry);
    } else if (entry.process().isEmpty() && launchers.isMonitored(entry)) {
      find(entry);
    } else if (entry.process().filter(ProcessIdentity::isAlive).isEmpty()) {
      lookAtDead(entry);
    } else if (!launchers.isMonitored(entry)) {
      // Nobody can tell what it prints or how it ends.
      ends.kill(entry);
    } else {
      lookAtTime(entry);
      dropUnread(entry);
    }
  }

  /** Its start was not seen to its end, by an earlier daemon or because its process was short. */
  private void find(SessionEntry entry) throws IOException {
    Optional<ProcessIdentity> made = launchers.made(entry);
    if (made.isPresent()) {
      entry.runs(made.get());
      places.note(entry);
    } else if (launchers.wasMade(entry)) {
      lookAtDead(entry);
    } else if (ticker.since(adoptedAtNanos).compareTo(limits.start()) >= 0) {
      launchers.of(entry).abandon(entry);
    }
  }

  /** Its monitor has not told how it ended: it still passes output on, or is gone itself. */
  private void lookAtDead(SessionEntry entry) {
    if (launchers.isMonitored(entry)) {
      entry.streams().ifPresent(streams -> streams.dropWhenSlow(ticker, PATIENCE));
    } else {
      ends.ended(entry);
    }
  }

  private void lookAtTime(SessionEntry entry) {
    long runsFor = clock.millis() - entry.startedAtMillis();
    boolean tooLong = runsFor >= limits.limit(entry.request()).toMillis();
    int unattended = entry.request().getUnattendedSeconds();
    boolean tooLonely =
        unattended > 0
            && entry.isLonely()
            && ticker.since(entry.lonelySince()).compareTo(Duration.ofSeconds(unattended)) >= 0;
    if ((tooLong || tooLonely) && entry.beginStopping()) {
      ends.stopInItsTime(entry, limits.grace());
    }
  }

  private void dropUnread(SessionEntry entry) {
    if (clock.millis() - entry.startedAtMillis() >= PATIENCE.toMillis()) {
      entry.streams().ifPresent(Streams::dropUnlessTaken);
    }
  }

  private void forgetOld() throws IOException {
    List<SessionEntry> ended =
        roster.all().stream().filter(entry -> entry.gone().isDone()).toList();
    long oldest = clock.millis() - limits.kept().toMillis();
    int left = ended.size();
    for (SessionEntry entry : ended) {
      boolean old = entry.ended().join().getAtMillis() < oldest;
      if ((old || left > limits.keptMost()) && entry.isLonely()) {
        roster.remove(entry);
        ends.forget(entry);
        left--;
      }
    }
  }
}
