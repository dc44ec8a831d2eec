package dev.paas.runtime.session.roster;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions of this host, by id. */
public final class SessionRoster {

  private final Map<String, SessionEntry> all = new ConcurrentHashMap<>();

  /** The one that has this id already, or nothing, and it is the given one's from now on. */
  public Optional<SessionEntry> enter(SessionEntry entry) {
    return Optional.ofNullable(all.putIfAbsent(entry.id(), entry));
  }

  public Optional<SessionEntry> find(String id) {
    return Optional.ofNullable(all.get(id));
  }

  /**
   * @throws dev.paas.base.problem.PaasException {@code session.not-found}
   */
  public SessionEntry require(String id) {
    return find(id)
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.NOT_FOUND,
                        "session.not-found",
                        "There is no such session",
                        id,
                        "List the app's sessions; what has ended is kept for a while only.")
                    .asException());
  }

  public void remove(SessionEntry entry) {
    all.remove(entry.id(), entry);
  }

  /** Oldest first. */
  public List<SessionEntry> all() {
    return all.values().stream()
        .sorted(
            Comparator.comparingLong(SessionEntry::startedAtMillis).thenComparing(SessionEntry::id))
        .toList();
  }

  /** Oldest first; an empty name means every app. */
  public List<SessionEntry> of(String app) {
    return all().stream()
        .filter(entry -> app.isEmpty() || entry.instance().getApp().equals(app))
        .toList();
  }

  public List<SessionEntry> running() {
    return all().stream().filter(entry -> !entry.hasEnded()).toList();
  }

  public Optional<SessionEntry> withContainer(String container) {
    return all.values().stream()
        .filter(entry -> entry.container().equals(container) && !entry.hasEnded())
        .findFirst();
  }
}
