package dev.paas.runtime.boot;

import dev.paas.base.name.AppName;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.solve.CacheFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes all that an app has on this host, its processes first. */
final class AppRemoval {

  private static final Logger LOG = LoggerFactory.getLogger(AppRemoval.class);

  private final Admissions admissions;
  private final AppProcesses processes;
  private final ImageStore images;
  private final CacheFolders caches;
  private final Logs logs;
  private final UidRanges ids;

  AppRemoval(
      Admissions admissions,
      AppProcesses processes,
      ImageStore images,
      CacheFolders caches,
      Logs logs,
      UidRanges ids) {
    this.admissions = admissions;
    this.processes = processes;
    this.images = images;
    this.caches = caches;
    this.logs = logs;
    this.ids = ids;
  }

  void remove(AppName app) throws Exception {
    // From here on nothing of the app begins, and what had begun is found below.
    Admissions.Admission alone = admissions.removal(app);
    try {
      processes.end(app);
      images.untagRepository("apps/" + app);
      caches.remove(app);
      logs.removeApp(app);
      // Last: from here on another app may get the ids.
      ids.release(app);
      LOG.atInfo().addKeyValue("app", app).log("app removed");
    } finally {
      alone.close();
    }
  }
}
