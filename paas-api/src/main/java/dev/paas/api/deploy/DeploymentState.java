package dev.paas.api.deploy;

import dev.paas.base.problem.Problem;
import java.util.Optional;

/**
 * How far a deployment is. {@link Starting} and {@link Checking} can still fail; from {@link
 * Switching} on the new instances serve and the deployment only goes forward.
 */
public sealed interface DeploymentState {

  /** Waits for its turn or for the runtime to take the new instances. */
  record Starting() implements DeploymentState {}

  /** The new instances run; not all of them listen yet. */
  record Checking() implements DeploymentState {}

  /** The new instances are the app; the router has not taken the table yet. */
  record Switching() implements DeploymentState {}

  /** The router sends requests to the new instances; old ones finish theirs and are stopped. */
  record Draining() implements DeploymentState {}

  /** Nothing is left to do. */
  record Done() implements DeploymentState {}

  /** It failed; its new instances are being removed. The old ones serve. */
  record Failing(Problem cause) implements DeploymentState {}

  /** It failed and left nothing behind. The old instances serve. */
  record Failed(Problem cause) implements DeploymentState {}

  /** One answer for each state, so that a new state breaks every caller that must know it. */
  default <T> T fold(Cases<T> cases) {
    if (this instanceof Starting) {
      return cases.starting();
    } else if (this instanceof Checking) {
      return cases.checking();
    } else if (this instanceof Switching) {
      return cases.switching();
    } else if (this instanceof Draining) {
      return cases.draining();
    } else if (this instanceof Done) {
      return cases.done();
    } else if (this instanceof Failing failing) {
      return cases.failing(failing.cause());
    } else if (this instanceof Failed failed) {
      return cases.failed(failed.cause());
    }
    throw new IllegalStateException(toString());
  }

  /** What {@link #fold} asks. */
  interface Cases<T> {
    T starting();

    T checking();

    T switching();

    T draining();

    T done();

    T failing(Problem cause);

    T failed(Problem cause);
  }

  /** The name in the store and, but for {@code failing}, in the API. */
  default String stored() {
    return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  /** The name in the API. */
  default String shown() {
    return this instanceof Failing ? "checking" : stored();
  }

  /** Whether nothing will change any more. */
  default boolean finished() {
    return this instanceof Done || this instanceof Failed;
  }

  /** Whether its release serves and the next deployment may begin. */
  default boolean serves() {
    return this instanceof Draining || this instanceof Done;
  }

  /** Why it failed. */
  default Optional<Problem> problem() {
    if (this instanceof Failing failing) {
      return Optional.of(failing.cause());
    }
    return this instanceof Failed failed ? Optional.of(failed.cause()) : Optional.empty();
  }

  /** Reads what {@link #stored} wrote. */
  static DeploymentState of(String stored, Optional<Problem> problem) {
    return switch (stored) {
      case "starting" -> new Starting();
      case "checking" -> new Checking();
      case "switching" -> new Switching();
      case "draining" -> new Draining();
      case "done" -> new Done();
      case "failing" -> new Failing(problem.orElseThrow());
      case "failed" -> new Failed(problem.orElseThrow());
      default -> throw new IllegalStateException("deployment state " + stored);
    };
  }
}
