package dev.paas.api.build;

import dev.paas.api.reconcile.Reconciler;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;

/** The queue of builds: some at once, one at a time for an app. */
@ApplicationScoped
public class BuildWork implements AutoCloseable {

  private final Builds builds;
  private final BuildOutput output;
  private final int atOnce;
  private final Reconciler<AppName> queue;

  BuildWork(Builds builds, Builder builder, BuildOutput output, PlatformSettings settings) {
    this.builds = builds;
    this.output = output;
    this.atOnce = settings.build().concurrent();
    this.queue = new Reconciler<>("build", atOnce, builder::reconcile);
  }

  /** Goes on with what was open when the control plane stopped. */
  public void start() {
    builds.listen(this::changed);
    queue.enqueueAll(builds.appsWithOpen());
  }

  private void changed(BuildId id) {
    if (queue.isBusyWithOthers(id.app())) {
      output.step(id, "Waiting for its turn: other builds run, and build.concurrent is " + atOnce);
    }
    queue.enqueue(id.app());
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
