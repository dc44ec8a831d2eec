package dev.paas.api.push;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what pushes that were declined or cut off have left in repositories; nobody waits. */
@ApplicationScoped
class RepositoryTidying implements AutoCloseable, Duties {

  private static final Logger LOG = LoggerFactory.getLogger(RepositoryTidying.class);

  private final Apps apps;
  private final Pushes pushes;
  private final Repositories repositories;
  private final Reconciler<AppName> queue;

  /** Until then {@link #tidy} has nothing to ask for: {@link #start} looks at every repository. */
  private volatile boolean begun;

  RepositoryTidying(Apps apps, Pushes pushes, Repositories repositories) {
    this.apps = apps;
    this.pushes = pushes;
    this.repositories = repositories;
    this.queue = new Reconciler<>("git-tidy", 1, this::tidied);
  }

  /** Drops refs of pushes that have ended, before any goes on, and looks at every repository. */
  void start() {
    List<AppName> all = apps.all().stream().map(App::name).toList();
    all.forEach(this::dropLeftOvers);
    begun = true;
    queue.enqueueAll(all);
  }

  /** The app has objects of a push that has ended, or was declined before it was accepted. */
  void tidy(AppName app) {
    if (begun) {
      queue.enqueue(app);
    }
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

  private List<Long> numbers(AppName app) throws IOException {
    try (Repository repository = repositories.open(app)) {
      return repository.getRefDatabase().getRefsByPrefix(Repositories.PUSHES).stream()
          .map(Ref::getName)
          .map(name -> Long.valueOf(name.substring(Repositories.PUSHES.length())))
          .toList();
    }
  }

  private Requeue tidied(AppName app) throws IOException {
    boolean done = !repositories.exists(app) || repositories.tidy(app);
    return done ? Requeue.done() : Requeue.backoff();
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
