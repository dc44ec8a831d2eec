package dev.paas.api.runtime;

import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.Problem;

/** The kind of a problem that paas-runtimed has sent. */
final class ReceivedKind {

  private ReceivedKind() {}

  static Kind of(Problem problem) {
    return switch (problem.getKind()) {
      case INVALID -> Kind.INVALID;
      case USAGE -> Kind.USAGE;
      case UNAUTHENTICATED -> Kind.UNAUTHENTICATED;
      case FORBIDDEN -> Kind.FORBIDDEN;
      case NOT_FOUND -> Kind.NOT_FOUND;
      case CONFLICT -> Kind.CONFLICT;
      case BUSY -> Kind.BUSY;
      case GONE -> Kind.GONE;
      case TOO_LARGE -> Kind.TOO_LARGE;
      case IMPOSSIBLE -> Kind.IMPOSSIBLE;
      case OVER_ALLOWANCE -> Kind.OVER_ALLOWANCE;
      case OVER_LIMIT -> Kind.OVER_LIMIT;
      case EXHAUSTED -> Kind.EXHAUSTED;
      case FULL -> Kind.FULL;
      case UNPREPARED -> Kind.UNPREPARED;
      case HOST_FAILED -> Kind.HOST_FAILED;
      case FAILED -> Kind.FAILED;
      case CANCELLED -> Kind.CANCELLED;
      case UNAVAILABLE -> Kind.UNAVAILABLE;
      case INTERNAL -> Kind.INTERNAL;
      // An older or a newer paas-runtimed, as long as an upgrade takes.
      case KIND_UNSPECIFIED, UNRECOGNIZED -> KindOfCode.of(problem.getCode());
    };
  }
}
