package dev.paas.api.rollout;

import dev.paas.base.problem.Problem.Kind;

/** Whether a deployment asks again for an instance that could not be started. */
enum Retry {
  /** As often as it takes: the runtime is away. */
  UNTIL_BACK,

  /** What the host refuses may be over the next time, or never. */
  A_FEW_TIMES,

  /** A mistake of the user stays one. */
  NEVER;

  static Retry of(Kind kind) {
    return switch (kind) {
      case UNAVAILABLE -> UNTIL_BACK;
      case BUSY, HOST_FAILED, FAILED -> A_FEW_TIMES;
      case INVALID,
          USAGE,
          UNAUTHENTICATED,
          FORBIDDEN,
          NOT_FOUND,
          CONFLICT,
          GONE,
          TOO_LARGE,
          IMPOSSIBLE,
          OVER_ALLOWANCE,
          OVER_LIMIT,
          EXHAUSTED,
          FULL,
          UNPREPARED,
          CANCELLED,
          INTERNAL ->
          NEVER;
    };
  }
}
