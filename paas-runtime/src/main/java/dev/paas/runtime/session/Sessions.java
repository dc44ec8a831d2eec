package dev.paas.runtime.session;

import dev.paas.base.name.AppName;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.Session;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.runtime.session.launch.Launchers;
import dev.paas.runtime.session.roster.SessionEntry;
import dev.paas.runtime.session.roster.SessionRoster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * The sessions of this host: commands with streams of their own, runs and execs. Each goes on when
 * whoever is attached goes, and when this daemon ends.
 */
public final class Sessions implements AutoCloseable {

  private final SessionStarts starts;
  private final SessionEnds ends;
  private final SessionRoster roster;
  private final Launchers launchers;
  private final Resizer resizer;
  private final SessionKeeping keeping;

  Sessions(
      SessionStarts starts,
      SessionEnds ends,
      SessionRoster roster,
      Launchers launchers,
      Resizer resizer,
      SessionKeeping keeping) {
    this.starts = starts;
    this.ends = ends;
    this.roster = roster;
    this.launchers = launchers;
    this.resizer = resizer;
    this.keeping = keeping;
  }

  /** Takes over what an earlier daemon left, and begins to look after it. */
  public void adopt() throws IOException {
    keeping.begin();
  }

  /**
   * Starts a session; one that is there already is answered as it is.
   *
   * @return done when its command has begun, or could not: {@code instance.no-such-command}, {@code
   *     instance.unknown-user}, {@code instance.start-failed}, …
   * @throws dev.paas.base.problem.PaasException {@code session.bad-request}, {@code
   *     instance.bad-spec}, {@code instance.too-many-one-offs}, {@code image.not-found}, …
   */
  public CompletableFuture<Session> start(StartSessionRequest request) throws IOException {
    return starts.start(request);
  }

  /**
   * Attaches to a session, whether it has ended or not.
   *
   * @throws dev.paas.base.problem.PaasException {@code session.not-found}
   */
  public Attachment attach(String id) {
    SessionEntry entry = roster.require(id);
    entry.attach();
    return new Attachment(entry, ends, resizer, () -> entry.detach(Ticker.system().nanos()));
  }

  /**
   * Sends a session's command a signal; one that has ended takes none.
   *
   * @throws dev.paas.base.problem.PaasException {@code session.not-found}
   */
  public void signal(String id, int number) {
    ends.signal(roster.require(id), number);
  }

  /** An app's sessions, oldest first, ended ones too while they are kept; empty: all. */
  public List<Session> list(String app) {
    return roster.of(app).stream().map(SessionEntry::view).toList();
  }

  /**
   * Asks a session to end, and kills it after the grace period; an unknown one is a success.
   *
   * @return done when its command has ended
   */
  public CompletableFuture<Void> stop(String id, Duration grace) {
    return roster
        .find(id)
        .map(entry -> ends.stop(entry, grace))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /**
   * Asks an app's sessions to end, each with its grace; returns when nothing of them runs. What
   * they printed is forgotten.
   */
  public void remove(AppName app, Duration grace)
      throws IOException, InterruptedException, ExecutionException {
    List<SessionEntry> all = roster.of(app.value());
    List<CompletableFuture<Void>> stops = new ArrayList<>();
    all.forEach(entry -> stops.add(ends.stop(entry, grace)));
    for (CompletableFuture<Void> stop : stops) {
      stop.get();
    }
    for (SessionEntry entry : all) {
      entry.gone().get();
      roster.remove(entry);
      ends.forget(entry);
    }
  }

  /** What an app's runs have on the disk, as last measured. */
  public long diskBytes(AppName app) {
    return roster.running().stream()
        .filter(entry -> entry.instance().getApp().equals(app.value()))
        .mapToLong(entry -> launchers.of(entry).diskBytes(entry))
        .sum();
  }

  /** The digests of the images that runs need. */
  public Set<String> imagesInUse() {
    return roster.running().stream()
        .filter(entry -> !entry.isExec())
        .map(entry -> entry.request().getRun().getImage())
        .collect(Collectors.toSet());
  }

  /** Lets go of the sessions; they run on. */
  @Override
  public void close() throws IOException {
    keeping.close();
  }
}
