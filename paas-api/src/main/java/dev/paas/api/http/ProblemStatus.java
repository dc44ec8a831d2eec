package dev.paas.api.http;

import dev.paas.base.problem.Problem.Kind;

/** The HTTP status of a problem. */
final class ProblemStatus {

  private ProblemStatus() {}

  static int of(Kind kind) {
    return switch (kind) {
      case INVALID, USAGE, OVER_ALLOWANCE, OVER_LIMIT, UNPREPARED, HOST_FAILED, FAILED, CANCELLED ->
          400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT, BUSY -> 409;
      case GONE -> 410;
      case TOO_LARGE -> 413;
      case IMPOSSIBLE -> 422;
      case INTERNAL -> 500;
      case UNAVAILABLE -> 503;
      case EXHAUSTED, FULL -> 507;
    };
  }
}
