package dev.paas.api.reconcile;

import java.time.Duration;

/** What a step asks for its key when it has returned. */
public sealed interface Requeue {

  /** Nothing to do until somebody enqueues the key again. */
  static Requeue done() {
    return new Done();
  }

  /** More to do: at once, after the other keys that wait. */
  static Requeue again() {
    return new After(Duration.ZERO);
  }

  /** Look again after {@code delay}; an earlier enqueue comes first. */
  static Requeue after(Duration delay) {
    return new After(delay);
  }

  /** It did not work and may later: try after a delay that doubles with every such answer. */
  static Requeue backoff() {
    return new Backoff();
  }

  /** See {@link #done}. */
  record Done() implements Requeue {}

  /** See {@link #after}. */
  record After(Duration delay) implements Requeue {}

  /** See {@link #backoff}. */
  record Backoff() implements Requeue {}
}
