package dev.paas.api.push;

import dev.paas.base.problem.Problem;
import java.util.Locale;
import java.util.Optional;

/** How a push stands: its commit is being built and rolled out, or that has ended. */
public sealed interface PushState {

  /** Accepted and on its way. */
  record Pending() implements PushState {}

  /** The deploy branch has moved to its commit. */
  record Deployed() implements PushState {}

  /** The deploy branch stays where it was. */
  record Declined(Problem problem) implements PushState {}

  /** Why the branch stays. */
  default Optional<Problem> why() {
    return this instanceof Declined declined ? Optional.of(declined.problem()) : Optional.empty();
  }

  /** The name in the store. */
  default String stored() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
