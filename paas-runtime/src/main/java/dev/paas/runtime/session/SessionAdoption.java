package dev.paas.runtime.session;

import dev.paas.runtime.session.launch.Launchers;
import dev.paas.runtime.session.output.OutputWatcher;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import dev.paas.runtime.session.roster.SessionNotes;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the sessions that an earlier daemon left. Those that run go on; one that ended
 * meanwhile is seen to end; one that can't have begun is forgotten. One that may have begun is kept
 * until its process is found or can't come any more, so that its id is never started twice.
 */
final class SessionAdoption {

  private static final Logger LOG = LoggerFactory.getLogger(SessionAdoption.class);

  private final SessionNotes notes;
  private final SessionPlaces places;
  private final Launchers launchers;
  private final SessionEnds ends;
  private final OutputWatcher outputs;

  SessionAdoption(
      SessionNotes notes,
      SessionPlaces places,
      Launchers launchers,
      SessionEnds ends,
      OutputWatcher outputs) {
    this.notes = notes;
    this.places = places;
    this.launchers = launchers;
    this.ends = ends;
    this.outputs = outputs;
  }

  void adopt() throws IOException {
    Set<String> known = new HashSet<>();
    for (SessionNotes.Stored stored : notes.all()) {
      String id = stored.request().getId();
      known.add(id);
      try {
        adopt(places.adopt(stored), stored);
      } catch (IOException | RuntimeException failed) {
        // The others, and the instances, are worth more than this one.
        LOG.atError().addKeyValue("session", id).setCause(failed).log("not adopted whole");
      }
    }
    try {
      notes.forgetAllBut(known);
    } catch (IOException left) {
      LOG.atWarn().setCause(left).log("notes of forgotten sessions stay until the next start");
    }
  }

  private void adopt(SessionEntry entry, SessionNotes.Stored stored) throws IOException {
    entry.started().complete(entry.view());
    if (stored.exit().isPresent()) {
      entry.output().end();
      entry.ended().complete(stored.exit().get());
      if (stored.freed()) {
        entry.gone().complete(null);
      } else {
        ends.ended(entry);
      }
    } else if (stored.process().isPresent() || stored.begun()) {
      resume(entry);
    } else {
      launchers.of(entry).abandon(entry);
      launchers.of(entry).clear(entry);
      places.leave(entry);
    }
  }

  private void resume(SessionEntry entry) throws IOException {
    outputs.add(entry.output());
    if (!launchers.isTold(entry)) {
      connect(entry);
      launchers.of(entry).resume(entry);
    }
    LOG.atInfo().addKeyValue("session", entry.id()).log("session adopted");
  }

  /** A terminal takes input again; a pipe's has ended with the daemon that held it. */
  private void connect(SessionEntry entry) {
    if (!entry.hasTerminal()) {
      return;
    }
    try {
      Streams streams = launchers.connect(entry);
      streams.dropOutput();
      entry.has(streams);
    } catch (IOException gone) {
      LOG.atWarn().addKeyValue("session", entry.id()).setCause(gone).log("monitor not reached");
    }
  }
}
