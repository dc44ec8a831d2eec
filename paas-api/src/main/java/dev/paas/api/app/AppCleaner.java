package dev.paas.api.app;

import dev.paas.base.name.AppName;

/**
 * Takes away what a later step keeps of an app outside the database: instances, images, the
 * repository. Rows that refer to the app go with it ({@code on delete cascade}).
 */
public interface AppCleaner {

  /** Cleaners run from the lowest to the highest: instances before the images they run. */
  int order();

  /**
   * Returns when everything is gone. May run again after a crash or a failure, also when there is
   * nothing left.
   *
   * @throws dev.paas.base.problem.PaasException when it must be tried later, e.g. {@code
   *     runtime.unavailable}
   */
  void clean(AppName app) throws InterruptedException;
}
