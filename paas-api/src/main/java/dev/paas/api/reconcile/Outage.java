package dev.paas.api.reconcile;

import dev.paas.api.store.StoreFailedException;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;

/**
 * Failures that say nothing about the work that met them: the runtime, the router, the database or
 * the disk is away. Work waits for them as long as it takes, and none of these waits is a try.
 */
public final class Outage {

  private Outage() {}

  public static boolean is(Problem problem) {
    return switch (problem.kind()) {
      case UNAVAILABLE, FULL -> true;
      case INVALID,
          USAGE,
          UNAUTHENTICATED,
          FORBIDDEN,
          NOT_FOUND,
          CONFLICT,
          BUSY,
          GONE,
          TOO_LARGE,
          IMPOSSIBLE,
          OVER_ALLOWANCE,
          OVER_LIMIT,
          EXHAUSTED,
          UNPREPARED,
          HOST_FAILED,
          FAILED,
          CANCELLED,
          INTERNAL ->
          false;
    };
  }

  /**
   * Whether work that asks the runtime and the database, and never waits for the router, has failed
   * because the runtime is away.
   */
  public static boolean ofRuntime(PaasException failed) {
    return failed.problem().kind() == Kind.UNAVAILABLE && !(failed instanceof StoreFailedException);
  }

  static boolean is(Throwable failed) {
    return (failed instanceof PaasException known && is(known.problem()))
        || DiskSpace.isFull(failed);
  }
}
