package dev.paas.api.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Leads a follower from the past to what comes: no line is missed and none is told twice. Whoever
 * follows listens first and reads the past then; a line of both is one of the past. Safe for all
 * threads.
 *
 * @param <K> tells lines apart
 */
final class Handover<K> {

  private final Consumer<LogResource.Line> follower;

  /** What came before the past was known; null since. Guarded by this. */
  private @Nullable List<Early<K>> early = new ArrayList<>();

  /** Lines of the past that may yet be heard of. Guarded by this. */
  private Set<K> past = Set.of();

  private record Early<K>(K key, LogResource.Line line) {}

  Handover(Consumer<LogResource.Line> follower) {
    this.follower = follower;
  }

  /** A line has come. */
  synchronized void came(K key, LogResource.Line line) {
    if (early != null) {
      early.add(new Early<>(key, line));
    } else if (!past.remove(key)) {
      follower.accept(line);
    }
  }

  /**
   * What the past is, and whoever listens has been told it.
   *
   * @param keys of its lines; changed from here on
   */
  synchronized void isPast(Set<K> keys) {
    List<Early<K>> heard = early == null ? List.of() : early;
    early = null;
    past = keys;
    heard.forEach(each -> came(each.key(), each.line()));
  }
}
