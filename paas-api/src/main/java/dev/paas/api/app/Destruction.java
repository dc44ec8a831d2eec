package dev.paas.api.app;

import dev.paas.api.access.Subject;
import dev.paas.api.audit.Actor;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Destroys apps.
 *
 * <ol>
 *   <li>mark the row: from here on the app is not there for anybody, and a crash is followed by the
 *       next step at start
 *   <li>run the cleaners in order; each may run again
 *   <li>delete the row, and with it everything that refers to it; the name is free
 * </ol>
 */
@ApplicationScoped
public class Destruction implements Duties {

  /** What a caller waits for besides the removal itself. */
  private static final Duration MARGIN = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(Destruction.class);

  private final Apps apps;
  private final Instance<AppCleaner> cleaners;
  private final Followers followers;
  private final Attempts attempts;
  private final Faults faults;
  private final Duration patience;
  private final Reconciler<AppName> queue = new Reconciler<>("destroy", 2, this::step);
  private final ConcurrentHashMap<AppName, CompletableFuture<Boolean>> waiting =
      new ConcurrentHashMap<>();

  public Destruction(
      Apps apps,
      Instance<AppCleaner> cleaners,
      Followers followers,
      Attempts attempts,
      Faults faults,
      PlatformSettings settings) {
    this.patience =
        settings.deploy().stopGrace().plus(settings.deploy().destroyTimeout()).plus(MARGIN);
    this.apps = apps;
    this.cleaners = cleaners;
    this.followers = followers;
    this.attempts = attempts;
    this.faults = faults;
  }

  /** Finishes what a crash has left, once everything that cleaners use has started. */
  void onStart(@Observes @Priority(2000) StartupEvent started) {
    queue.enqueueAll(apps.marked());
  }

  @Override
  public List<Trouble> troubles() {
    return queue.troubles();
  }

  @PreDestroy
  void stop() {
    queue.close();
  }

  /**
   * Destroys an app and returns when everything of it is gone. When this fails or the caller goes
   * away, the destruction goes on by itself.
   *
   * @throws PaasException {@code app.not-found}, what a cleaner could not do, or {@code
   *     app.being-destroyed} when it takes too long
   */
  public void destroy(Subject subject, Actor actor, AppName app) {
    apps.mark(subject, actor, app);
    followers.tell(app);
    faults.reach(FaultPoint.APP_MARKED_DESTROYED);
    CompletableFuture<Boolean> gone =
        waiting.computeIfAbsent(app, none -> new CompletableFuture<>());
    queue.enqueue(app);
    try {
      gone.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof PaasException problem) {
        throw problem;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (TimeoutException tooLong) {
      throw stillGoing(app).asException(tooLong);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw stillGoing(app).asException(closing);
    }
  }

  private Requeue step(AppName app) throws InterruptedException {
    try {
      if (apps.marked().contains(app)) {
        followers.tell(app);
        attempts.forget(app);
        List<AppCleaner> inOrder =
            cleaners.stream().sorted(Comparator.comparingInt(AppCleaner::order)).toList();
        for (AppCleaner cleaner : inOrder) {
          cleaner.clean(app);
        }
        faults.reach(FaultPoint.APP_CLEANED);
        apps.erase(app);
        LOG.atInfo().addKeyValue("app", app).log("app destroyed");
      }
      tell(app).complete(true);
      return Requeue.done();
    } catch (RuntimeException | Error failed) {
      tell(app).completeExceptionally(failed);
      throw failed;
    }
  }

  private CompletableFuture<Boolean> tell(AppName app) {
    CompletableFuture<Boolean> listener = waiting.remove(app);
    return listener == null ? new CompletableFuture<>() : listener;
  }

  private static Problem stillGoing(AppName app) {
    return Problem.of(
        Kind.CONFLICT,
        "app.being-destroyed",
        "The app is still being destroyed",
        app.value(),
        "It goes on by itself; see paas doctor if it stays.");
  }
}
