package dev.paas.api.oneoff;

import dev.paas.api.scheduler.Run;
import dev.paas.base.name.AppName;

/** A run, and whose it is. */
final class OneOff implements PlaceHolder {

  private final AppName app;
  private final String user;
  private final Run run;

  /** Guarded by this. */
  private long entry;

  OneOff(AppName app, String user, Run run) {
    this.app = app;
    this.user = user;
    this.run = run;
  }

  /** Its entry in the audit. */
  synchronized void recorded(long id) {
    entry = id;
  }

  @Override
  public synchronized long entry() {
    return entry;
  }

  AppName app() {
    return app;
  }

  @Override
  public String user() {
    return user;
  }

  Run run() {
    return run;
  }

  @Override
  public boolean takesMemory() {
    return true;
  }

  /** It begins when somebody reads it. */
  @Override
  public boolean waits() {
    return !run.started();
  }
}
