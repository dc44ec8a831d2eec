package dev.paas.api.build;

import dev.paas.api.reconcile.Reconciler;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;

/** The queue of builds: some at once, one at a time for an app. */
@ApplicationScoped
public class BuildWork implements AutoCloseable {

  /** Builds at once; each may use build.cpu-millis and build.memory. */
  private static final int AT_ONCE = 2;

  private final Builds builds;
  private final Reconciler<AppName> queue;

  BuildWork(Builds builds, Builder builder) {
    this.builds = builds;
    this.queue = new Reconciler<>("build", AT_ONCE, builder::reconcile);
  }

  /** Goes on with what was open when the control plane stopped. */
  public void start() {
    builds.listen(id -> queue.enqueue(id.app()));
    queue.enqueueAll(builds.appsWithOpen());
  }

  /** The runtime is there again. */
  public void retry() {
    queue.enqueueAll(builds.appsWithOpen());
  }

  @Override
  public void close() {
    queue.close();
  }
}
