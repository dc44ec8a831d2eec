package dev.paas.api.building;

import dev.paas.contract.runtime.SolveEvent;
import java.util.function.LongUnaryOperator;

/**
 * Counts what a build makes while it goes on: it ends after the step that had it take more of the
 * disk than its app's owner may have. Measuring takes a while, so that it is done again only when
 * the room that was found last is used up.
 */
final class BuildRoom {

  private final LongUnaryOperator measure;
  private long made;
  private long left;

  /**
   * Measures the room before the build.
   *
   * @param measure given the bytes that the build has made so far, says how many more it may make;
   *     throws {@code quota.disk} when there are none
   * @throws dev.paas.base.problem.PaasException {@code quota.disk}
   */
  BuildRoom(LongUnaryOperator measure) {
    this.measure = measure;
    this.left = measure.applyAsLong(0);
  }

  /**
   * @throws dev.paas.base.problem.PaasException {@code quota.disk}
   */
  void take(SolveEvent event) {
    if (!event.hasFinished() || event.getFinished().getCached()) {
      return; // what was there before is counted where it is
    }
    long bytes = event.getFinished().getLayerBytes();
    made += bytes;
    left -= bytes;
    if (left < 0) {
      left = measure.applyAsLong(made);
    }
  }
}
