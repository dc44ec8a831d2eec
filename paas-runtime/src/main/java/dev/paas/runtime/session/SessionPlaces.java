package dev.paas.runtime.session;

import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.container.ContainerLimits;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.container.InstanceIds;
import dev.paas.runtime.container.RunPlaces;
import dev.paas.runtime.network.InstanceLinks;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import dev.paas.runtime.session.roster.SessionNotes;
import dev.paas.runtime.session.roster.SessionPlace;
import dev.paas.runtime.session.roster.SessionRoster;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session takes of the platform while it runs: a name, an address, a place among runs. */
final class SessionPlaces {

  private static final Logger LOG = LoggerFactory.getLogger(SessionPlaces.class);

  private final SessionRoster roster;
  private final SessionNotes notes;
  private final Claims claims;
  private final InstanceLinks links;
  private final RunPlaces runs;
  private final int mostExecs;
  private final Clock clock;

  SessionPlaces(
      SessionRoster roster,
      SessionNotes notes,
      Claims claims,
      InstanceLinks links,
      ContainerLimits limits,
      Clock clock) {
    this.roster = roster;
    this.notes = notes;
    this.claims = claims;
    this.links = links;
    this.runs = limits.runs();
    this.mostExecs = limits.execs();
    this.clock = clock;
  }

  SessionRoster roster() {
    return roster;
  }

  /** Whether a run has this name. */
  boolean isHeld(InstanceName name) {
    return claims.held(SessionNotes.containerOf(name));
  }

  /**
   * Takes a run in, and notes it; answers with the one that has its id already, if there is one.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.too-many-one-offs}, {@code
   *     network.full}
   */
  SessionEntry enterRun(StartSessionRequest request, InstanceName name) throws IOException {
    String container = SessionNotes.containerOf(name);
    runs.take();
    Claims.Claim claim = claims.hold(container);
    int address = 0;
    try {
      address = links.reserve(container);
      SessionPlace place = new SessionPlace(container, InstanceIds.of(name), address);
      return enter(request, place, claim);
    } catch (IOException | RuntimeException | Error failed) {
      links.release(address);
      claim.close();
      runs.free();
      throw failed;
    }
  }

  /** One at a time: whoever finds an entry here finds it noted, too. */
  private synchronized SessionEntry enter(
      StartSessionRequest request, SessionPlace place, Claims.Claim claim) throws IOException {
    SessionEntry entry =
        new SessionEntry(
            request,
            place,
            clock.millis(),
            notes.output(request.getId()),
            claim,
            Ticker.system().nanos());
    Optional<SessionEntry> known = roster.enter(entry);
    if (known.isPresent()) {
      entry.output().close();
      release(entry);
      claim.close();
      return known.get();
    }
    try {
      notes.write(entry);
    } catch (IOException | RuntimeException | Error failed) {
      roster.remove(entry);
      entry.output().close();
      entry.ended().complete(Exits.startFailed(String.valueOf(failed), clock.millis()));
      entry.gone().complete(null);
      entry.started().completeExceptionally(failed);
      throw failed;
    }
    return entry;
  }

  /**
   * The same for an exec.
   *
   * @throws dev.paas.base.problem.PaasException {@code instance.too-many-execs}
   */
  synchronized SessionEntry enterExec(StartSessionRequest request) throws IOException {
    long there =
        roster.running().stream()
            .filter(entry -> entry.isExec() && entry.instance().equals(request.getInside()))
            .count();
    if (there >= mostExecs) {
      throw Problem.of(
              Kind.OVER_LIMIT,
              "instance.too-many-execs",
              "Too many commands run in this instance",
              Integer.toString(mostExecs),
              "Wait for one to end, or stop one.")
          .asException();
    }
    String container = SessionNotes.containerOf(request.getId());
    Claims.Claim claim = claims.hold(container);
    try {
      return enter(request, new SessionPlace(container, request.getInside(), 0), claim);
    } catch (IOException | RuntimeException | Error failed) {
      claim.close();
      throw failed;
    }
  }

  void note(SessionEntry entry) throws IOException {
    notes.write(entry);
  }

  /** A command is about to begin whose process is not known yet. */
  void noteBeginning(SessionEntry entry) throws IOException {
    notes.begins(entry.id());
  }

  /** Takes one in that an earlier daemon started. */
  SessionEntry adopt(SessionNotes.Stored stored) throws IOException {
    SessionPlace place = stored.place();
    SessionEntry entry =
        new SessionEntry(
            stored.request(),
            place,
            stored.startedAtMillis(),
            notes.output(stored.request().getId()),
            stored.freed() ? () -> {} : claims.hold(place.container()),
            Ticker.system().nanos());
    stored.process().ifPresent(entry::runs);
    Optional<SessionEntry> unused = roster.enter(entry);
    if (!stored.freed() && !entry.isExec()) {
      runs.adopt();
      links.adopt(place.address(), place.container());
    }
    return entry;
  }

  /** Gives back what it took but its name. */
  void release(SessionEntry entry) {
    if (!entry.isExec()) {
      links.release(entry.place().address());
      runs.free();
    }
  }

  /** One that did not come to a process is forgotten. */
  void leave(SessionEntry entry) {
    release(entry);
    roster.remove(entry);
    entry.claim().close();
    entry.streams().ifPresent(Streams::close);
    try {
      entry.output().end();
      notes.forget(entry.id());
      entry.output().close();
    } catch (IOException left) {
      LOG.atWarn().addKeyValue("session", entry.id()).setCause(left).log("note not removed");
    }
  }
}
