package dev.paas.api.building;

import dev.paas.api.disk.DiskQuota;
import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.SolveEvent;
import java.util.List;
import java.util.Set;

/**
 * Counts what a build makes while it goes on: it ends after the step that had it take more of the
 * disk than its app's owner may have. Measuring takes a while, so that it is done again only when
 * the room that was found last is used up.
 */
final class BuildRoom {

  private final DiskQuota quota;
  private final AppName app;
  private final List<String> bases;
  private long made;
  private long left;

  /**
   * @param bases images that the build begins with
   * @throws dev.paas.base.problem.PaasException {@code quota.disk}
   */
  BuildRoom(DiskQuota quota, AppName app, Set<String> bases) {
    this.quota = quota;
    this.app = app;
    this.bases = List.copyOf(bases);
    this.left = quota.requireForBuild(app, this.bases, 0);
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
      left = quota.requireForBuild(app, bases, made);
    }
  }
}
