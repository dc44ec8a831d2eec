package dev.paas.runtime.boot;

import dev.paas.base.name.AppName;
import dev.paas.runtime.instance.Supervisor;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.sandbox.OneOffs;
import dev.paas.runtime.sandbox.Sandbox;
import dev.paas.runtime.session.Sessions;
import java.time.Duration;
import java.util.Optional;

/**
 * All that runs of an app: its instances, its one-off processes, its sessions and the steps of its
 * builds.
 */
final class AppProcesses {

  private final Supervisor instances;
  private final OneOffs oneOffs;
  private final Sessions sessions;
  private final Sandbox sandbox;
  private final UidRanges ids;
  private final Duration grace;

  /**
   * @param grace of its instances and sessions
   */
  AppProcesses(
      Supervisor instances,
      OneOffs oneOffs,
      Sessions sessions,
      Sandbox sandbox,
      UidRanges ids,
      Duration grace) {
    this.instances = instances;
    this.oneOffs = oneOffs;
    this.sessions = sessions;
    this.sandbox = sandbox;
    this.ids = ids;
    this.grace = grace;
  }

  /** Returns when nothing of the app runs, if nothing of it begins meanwhile. */
  void end(AppName app) throws Exception {
    instances.stopAll(app, grace).get();
    oneOffs.stop(app);
    sessions.remove(app, grace);
    Optional<UidRange> range = ids.find(app);
    if (range.isPresent()) {
      sandbox.endAll(range.get());
    }
  }
}
