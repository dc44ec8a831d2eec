package dev.paas.api.oneoff;

import dev.paas.api.app.Apps;
import dev.paas.api.app.Followers;
import dev.paas.api.app.UntilDestroyed;
import dev.paas.api.scheduler.Attachment;
import dev.paas.api.scheduler.Attachment.Ended;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.api.scheduler.Session;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.PersonalApp;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is read of sessions, until they end or their app does. */
@ApplicationScoped
class TerminalStreams {

  private static final Logger LOG = LoggerFactory.getLogger(TerminalStreams.class);

  private final Scheduler scheduler;
  private final Apps apps;
  private final Followers followers;
  private final OpenSessions open;
  private final Duration grace;
  private final Duration patience;
  private volatile boolean stopping;

  TerminalStreams(
      Scheduler scheduler,
      Apps apps,
      Followers followers,
      OpenSessions open,
      PlatformSettings settings) {
    this.scheduler = scheduler;
    this.apps = apps;
    this.followers = followers;
    this.open = open;
    this.grace = settings.deploy().stopGrace();
    this.patience = settings.terminals().abandoned();
  }

  /**
   * The id, if the app has such a session.
   *
   * @throws dev.paas.base.problem.PaasException {@code run.not-found}
   */
  String there(AppName app, String id) {
    return scheduler.sessions().list(app).stream()
        .map(Session::id)
        .filter(id::equals)
        .findAny()
        .orElseThrow(() -> notFound(id).asException());
  }

  static Problem notFound(String id) {
    return Problem.of(
        Kind.NOT_FOUND,
        "run.not-found",
        "There is no such run, or it is over",
        id,
        "List them with paas run:list, or start another.");
  }

  Attachment attach(String id, long position) {
    return scheduler.sessions().attach(id, position);
  }

  /** Past whatever input the command has not read. */
  void signal(String id, int number) {
    try {
      String unused = scheduler.sessions().signal(id, number).join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof PaasException known ? known : failed;
    }
  }

  Attachment forward(InstanceName instance, int port) {
    return scheduler.sessions().forward(instance, port);
  }

  /**
   * The events of a session as the reader wants them.
   *
   * @param farewell the last item when the app is destroyed meanwhile
   */
  <T> Flow.Publisher<T> events(
      AppName app, String id, Attachment of, Function<Attachment.Event, T> form, T farewell) {
    Multi<T> items =
        Multi.createFrom()
            .publisher(of)
            .invoke(
                event -> {
                  if (event instanceof Ended ended) {
                    open.ended(id, ended.exit());
                  }
                })
            .onTermination()
            .invoke(open::look)
            .map(form);
    // What is of no app ends with none.
    return PersonalApp.is(app) ? items : untilDestroyed(app, items, farewell);
  }

  /** A stream about an app that ends with this item when the app is destroyed. */
  <T> Flow.Publisher<T> untilDestroyed(AppName app, Flow.Publisher<T> items, T farewell) {
    return new UntilDestroyed<>(items, apps, followers, app, farewell);
  }

  /** Something may have ended that nobody reads. */
  void look() {
    open.look();
  }

  /** What ends with this process is attached to again when the next one is there. */
  void onStop(@Observes ShutdownEvent stopping) {
    this.stopping = true;
  }

  /**
   * Whoever had it has closed the connection without a word: it is ended like one that was hung up
   * on, unless it has a terminal or somebody comes for it in time. When this process ends first,
   * the scheduler sees to it, which waits longer.
   */
  void abandoned(AppName app, String id) {
    CompletableFuture.delayedExecutor(
            patience.toMillis(), TimeUnit.MILLISECONDS, Infrastructure.getDefaultWorkerPool())
        .execute(() -> endAbandoned(app, id));
  }

  private void endAbandoned(AppName app, String id) {
    try {
      if (!stopping
          && scheduler.sessions().list(app).stream()
              .filter(session -> session.id().equals(id))
              .anyMatch(session -> !session.terminal() && session.attached() == 0)) {
        hangUp(id);
      }
    } catch (PaasException away) {
      LOG.atInfo()
          .addKeyValue("session", id)
          .addKeyValue("why", away.problem().what())
          .log("abandoned, and left to the scheduler");
    }
  }

  /** Whoever had it has hung up: asks it to end, and kills it after the grace. */
  void hangUp(String id) {
    var unused =
        scheduler
            .sessions()
            .stop(id, grace)
            .whenComplete(
                (stopped, failed) -> {
                  if (failed != null) {
                    // Nobody is attached: the scheduler ends it when that has lasted long enough.
                    LOG.atWarn().addKeyValue("session", id).setCause(failed).log("not stopped");
                  }
                  open.look();
                });
  }
}
