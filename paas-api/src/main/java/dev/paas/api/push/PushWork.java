package dev.paas.api.push;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.build.BuildChanged;
import dev.paas.api.deploy.DeploymentsChanged;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.reconcile.Work;
import dev.paas.base.name.AppName;
import dev.paas.base.time.Ticker;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue of apps with a pending push. */
@ApplicationScoped
public class PushWork implements AutoCloseable, Duties {

  private static final Logger LOG = LoggerFactory.getLogger(PushWork.class);

  private static final int AT_ONCE = 2;

  private final Apps apps;
  private final Pushes pushes;
  private final Repositories repositories;
  private final PushReconciler reconciler;
  private final Attempts attempts;
  private final Reconciler<AppName> queue;

  /** Removes the objects of pushes that were declined or cut off; nobody waits for it. */
  private final Reconciler<AppName> tidying;

  /** Until then events are left alone: {@link #start} looks at every push that is pending. */
  private volatile boolean begun;

  PushWork(
      Apps apps,
      Pushes pushes,
      Repositories repositories,
      PushReconciler reconciler,
      Attempts attempts,
      Ticker ticker) {
    this.apps = apps;
    this.pushes = pushes;
    this.repositories = repositories;
    this.reconciler = reconciler;
    this.attempts = attempts;
    this.queue = new Reconciler<>("push", AT_ONCE, reconciler::reconcile, reconciler::end, ticker);
    this.tidying = new Reconciler<>("git-tidy", 1, this::tidied);
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
    List<AppName> all = apps.all().stream().map(App::name).toList();
    all.forEach(this::dropLeftOvers);
    tidying.enqueueAll(all);
    begun = true;
    reconciler.listen(tidying::enqueue);
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

  /** The app has objects of a push that was declined before it was accepted. */
  void tidy(AppName app) {
    tidying.enqueue(app);
  }

  private void dropLeftOvers(AppName app) {
    if (!repositories.exists(app)) {
      return;
    }
    try {
      Set<Long> needed = pushes.pendingNumbers(app);
      for (long number : numbers(app)) {
        if (!needed.contains(number)) {
          repositories.dropPushRef(app, number);
        }
      }
    } catch (IOException damaged) {
      // One damaged repository must not keep the others from working.
      LOG.atError().addKeyValue("app", app).setCause(damaged).log("push refs not swept");
    }
  }

  private Requeue tidied(AppName app) throws IOException {
    boolean done = !repositories.exists(app) || repositories.tidy(app);
    return done ? Requeue.done() : Requeue.backoff();
  }

  private List<Long> numbers(AppName app) throws IOException {
    try (Repository repository = repositories.open(app)) {
      return repository.getRefDatabase().getRefsByPrefix(Repositories.PUSHES).stream()
          .map(Ref::getName)
          .map(name -> Long.valueOf(name.substring(Repositories.PUSHES.length())))
          .toList();
    }
  }

  @Override
  public List<Trouble> troubles() {
    return Stream.of(queue, tidying).flatMap(it -> it.troubles().stream()).toList();
  }

  @Override
  public void close() {
    tidying.close();
    queue.close();
  }
}
