package dev.paas.gitreceiver;

import java.util.ArrayList;
import java.util.List;

/** Whether the client is gone. Happens at most once; safe from any thread. */
public final class ClientGone {

  private final List<Runnable> actions = new ArrayList<>();
  private volatile boolean happened;

  public boolean happened() {
    return happened;
  }

  /** Runs the action when the client hangs up, or now if it already has. */
  public void then(Runnable action) {
    synchronized (actions) {
      if (!happened) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  /** The client is gone. */
  public void happen() {
    List<Runnable> due;
    synchronized (actions) {
      if (happened) {
        return;
      }
      happened = true;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }
}
