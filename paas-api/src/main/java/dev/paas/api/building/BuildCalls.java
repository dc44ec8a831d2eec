package dev.paas.api.building;

import dev.paas.api.build.BuildId;
import dev.paas.base.name.AppName;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is asked of the runtime for builds at this moment, so that it can be ended. */
final class BuildCalls {

  private final Map<BuildId, CancellableContext> underWay = new ConcurrentHashMap<>();

  /** Work for a build that calls the runtime. */
  interface Calling<T> {
    T call() throws IOException, InterruptedException;
  }

  /**
   * Does work whose calls {@link #interrupt} ends. Whether it is still wanted is to be asked by the
   * work itself: an interruption that comes before it can have no effect.
   */
  <T> T interruptibly(BuildId id, Calling<T> work) throws IOException, InterruptedException {
    CancellableContext calls = Context.current().withCancellation();
    underWay.put(id, calls);
    Context before = calls.attach();
    try {
      return work.call();
    } finally {
      calls.detach(before);
      calls.cancel(null);
      underWay.remove(id, calls);
    }
  }

  boolean isUnderWay(BuildId id) {
    return underWay.containsKey(id);
  }

  /** Ends what is asked for a build, if anything is. */
  void interrupt(BuildId id) {
    CancellableContext calls = underWay.get(id);
    if (calls != null) {
      calls.cancel(null);
    }
  }

  /** Ends what is asked for all builds of an app. */
  void interrupt(AppName app) {
    underWay.keySet().stream().filter(id -> id.app().equals(app)).forEach(this::interrupt);
  }
}
