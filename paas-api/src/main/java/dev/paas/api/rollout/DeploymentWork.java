package dev.paas.api.rollout;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.deploy.DeploymentsChanged;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.route.Routes;
import dev.paas.api.scheduler.Inventory;
import dev.paas.base.name.AppName;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** The queue of apps whose instances or deployments may have something to do. */
@ApplicationScoped
public class DeploymentWork implements AutoCloseable, Duties {

  /** Apps at once; a step waits for the runtime to start instances. */
  private static final int AT_ONCE = 4;

  private final Apps apps;
  private final Inventory inventory;
  private final Routes routes;
  private final AppReconciler reconciler;
  private final RolloutTurns turns;
  private final Reconciler<AppName> queue;

  /**
   * Until then events are left alone: {@link #start} looks at every app, when what is poisoned has
   * been ended.
   */
  private volatile boolean begun;

  DeploymentWork(
      Apps apps,
      Inventory inventory,
      Routes routes,
      AppReconciler reconciler,
      RolloutTurns turns,
      Ticker ticker) {
    this.apps = apps;
    this.inventory = inventory;
    this.routes = routes;
    this.reconciler = reconciler;
    this.turns = turns;
    this.queue = new Reconciler<>("deploy", AT_ONCE, reconciler::reconcile, turns::end, ticker);
  }

  /** Looks at every app once, then at those that something happens to. */
  public void start() {
    turns.endPoisoned();
    begun = true;
    inventory.listen(
        new Inventory.Listener() {
          @Override
          public void changed(AppName app) {
            queue.enqueue(app);
          }

          @Override
          public void changedAll() {
            lookAtAll();
          }
        });
    routes.listen(this::lookAtThoseWaiting);
    lookAtAll();
  }

  void changed(@Observes DeploymentsChanged event) {
    if (begun) {
      queue.enqueue(event.app());
    }
  }

  private void lookAtAll() {
    apps.all().stream().map(App::name).forEach(queue::enqueue);
  }

  private void lookAtThoseWaiting() {
    queue.enqueueAll(reconciler.waiting());
  }

  @Override
  public List<Trouble> troubles() {
    return queue.troubles();
  }

  @Override
  public void close() {
    queue.close();
  }
}
