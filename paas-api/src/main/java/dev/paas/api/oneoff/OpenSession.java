package dev.paas.api.oneoff;

import dev.paas.base.name.AppName;

/** A session that has a place until the scheduler says that it has ended. */
final class OpenSession implements PlaceHolder {

  private final String id;
  private final AppName app;
  private final String user;
  private final boolean exec;

  /** These two are guarded by this. */
  private long entry;

  private boolean begun;

  OpenSession(String id, AppName app, String user, boolean exec) {
    this.id = id;
    this.app = app;
    this.user = user;
    this.exec = exec;
  }

  /** The caller's choice of a name, that of the place, too. */
  String id() {
    return id;
  }

  AppName app() {
    return app;
  }

  @Override
  public String user() {
    return user;
  }

  /** What runs inside an instance has that one's memory. */
  @Override
  public boolean takesMemory() {
    return !exec;
  }

  /** It begins at once, and goes on without a reader. */
  @Override
  public boolean waits() {
    return false;
  }

  synchronized void recorded(long id) {
    entry = id;
  }

  @Override
  public synchronized long entry() {
    return entry;
  }

  /** The scheduler has started it: from now on it knows when it has ended. */
  synchronized void began() {
    begun = true;
  }

  synchronized boolean begun() {
    return begun;
  }
}
