package dev.paas.api.image;

import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.problem.PaasException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;

/** Collects images that were pulled for runs and have not been run for long. */
@ApplicationScoped
class RunImageKeeping implements Duties {

  /** A day's unused image may stay a little longer than that. */
  private static final Duration PAUSE = Duration.ofMinutes(15);

  private final RunImages images;
  private final Reconciler<Work> work = new Reconciler<>("run-images", 1, this::step);

  private enum Work {
    COLLECT
  }

  RunImageKeeping(RunImages images) {
    this.images = images;
  }

  void onStart(@Observes @Priority(500) StartupEvent started) {
    work.enqueue(Work.COLLECT);
  }

  void onStop(@Observes ShutdownEvent stopping) {
    work.close();
  }

  @Override
  public List<Trouble> troubles() {
    return work.troubles();
  }

  private Requeue step(Work same) {
    try {
      images.collect();
    } catch (PaasException away) {
      if (!Outage.ofRuntime(away)) {
        throw away;
      }
    }
    return Requeue.after(PAUSE);
  }
}
