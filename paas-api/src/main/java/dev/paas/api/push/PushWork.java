package dev.paas.api.push;

import dev.paas.api.build.BuildChanged;
import dev.paas.api.deploy.DeploymentsChanged;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Work;
import dev.paas.base.name.AppName;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The queue of apps with a pending push. */
@ApplicationScoped
public class PushWork implements AutoCloseable, Duties {

  private static final int AT_ONCE = 2;

  private final Pushes pushes;
  private final PushReconciler reconciler;
  private final RepositoryTidying tidying;
  private final Attempts attempts;
  private final Reconciler<AppName> queue;

  /** Until then events are left alone: {@link #start} looks at every push that is pending. */
  private volatile boolean begun;

  PushWork(
      Pushes pushes,
      PushReconciler reconciler,
      RepositoryTidying tidying,
      Attempts attempts,
      Ticker ticker) {
    this.pushes = pushes;
    this.reconciler = reconciler;
    this.tidying = tidying;
    this.attempts = attempts;
    this.queue = new Reconciler<>("push", AT_ONCE, reconciler::reconcile, reconciler::end, ticker);
  }

  /** Drops refs of pushes that have ended, then goes on with those that have not. */
  public void start() throws IOException {
    List<AcceptedPush> pending = pushes.pending();
    Set<Work> poisoned =
        attempts.poisoned(
            Work.Kind.PUSH, pending.stream().map(push -> Pushes.work(push.id())).toList());
    for (AcceptedPush push : pending) {
      if (poisoned.contains(Pushes.work(push.id()))) {
        reconciler.poisoned(push);
      }
    }
    tidying.start();
    begun = true;
    queue.enqueueAll(pushes.appsWithPending());
  }

  void changed(@Observes BuildChanged event) {
    look(event.id().app());
  }

  void changed(@Observes DeploymentsChanged event) {
    look(event.app());
  }

  private void look(AppName app) {
    if (begun) {
      queue.enqueue(app);
    }
  }

  @Override
  public List<Trouble> troubles() {
    return queue.troubles();
  }

  @Override
  public void close() {
    tidying.close();
    queue.close();
  }
}
