package dev.paas.router.budget;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What one holder has of the budget at this moment: a client's address. Safe for all threads. */
public final class Share {

  private final Object holder;
  private final boolean exempt;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param exempt it may have everything
   */
  Share(Object holder, boolean exempt) {
    this.holder = holder;
    this.exempt = exempt;
  }

  Object holder() {
    return holder;
  }

  boolean exempt() {
    return exempt;
  }

  int connections() {
    return connections.get();
  }

  long bytes() {
    return bytes.get();
  }

  int count(int more) {
    return connections.addAndGet(more);
  }

  void hold(long more) {
    bytes.addAndGet(more);
  }
}
