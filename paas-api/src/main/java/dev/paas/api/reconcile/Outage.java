package dev.paas.api.reconcile;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import java.util.Set;

/**
 * Failures that say nothing about the work that met them: the runtime, the router, the database or
 * the disk is away. Work waits for them as long as it takes, and none of these waits is a try.
 */
public final class Outage {

  private static final Set<String> CODES =
      Set.of(
          "runtime.unavailable",
          "store.full",
          "store.unavailable",
          "disk.full",
          "router.unavailable");

  private Outage() {}

  public static boolean is(Problem problem) {
    return CODES.contains(problem.code());
  }

  static boolean is(Throwable failed) {
    return (failed instanceof PaasException known && is(known.problem()))
        || DiskSpace.isFull(failed);
  }
}
