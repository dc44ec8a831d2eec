package dev.paas.api.oneoff;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Endings;
import dev.paas.api.identity.User;
import dev.paas.api.identity.Users;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.api.scheduler.Session;
import dev.paas.base.name.AppName;
import dev.paas.base.name.PersonalApp;
import dev.paas.base.problem.PaasException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Gives the places of sessions back that have ended. Whoever reads one sees its end; of those that
 * nobody reads, and of those that an earlier paasd started, the scheduler is asked.
 */
@ApplicationScoped
class OpenSessions implements Duties {

  /** How often the scheduler is asked while there are any. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final OneOffs places;
  private final Scheduler scheduler;
  private final Apps apps;
  private final Users users;
  private final Endings endings;
  private final Reconciler<Work> work = new Reconciler<>("open-sessions", 1, this::reconcile);

  private enum Work {
    LOOK
  }

  OpenSessions(OneOffs places, Scheduler scheduler, Apps apps, Users users, Endings endings) {
    this.users = users;
    this.places = places;
    this.scheduler = scheduler;
    this.apps = apps;
    this.endings = endings;
  }

  void onStart(@Observes StartupEvent started) {
    look();
  }

  void onStop(@Observes ShutdownEvent stopping) {
    work.close();
  }

  @Override
  public List<Trouble> troubles() {
    return work.troubles();
  }

  /** Asks the scheduler soon what has ended. */
  void look() {
    work.enqueue(Work.LOOK);
  }

  /** A session has ended, which may be known already. */
  void ended(String id, Exit exit) {
    places.remove(id).ifPresent(gone -> endings.exited(gone.entry(), exit.code()));
  }

  private Requeue reconcile(Work same) {
    // What begins after this line may be missing in the answer.
    List<OpenSession> known = places.sessions().stream().filter(OpenSession::begun).toList();
    Map<String, Session> all;
    try {
      all = all();
    } catch (PaasException away) {
      if (!Outage.ofRuntime(away)) {
        throw away;
      }
      // Nobody waits for what this finds, and others say that the runtime is away.
      return Requeue.backoff();
    }
    for (OpenSession open : known) {
      Session now = all.get(open.id());
      if (now == null || now.isOver()) {
        ended(open.id(), now == null ? Exit.unknown() : now.exit().orElseGet(Exit::unknown));
      }
    }
    all.values().stream().filter(session -> !session.isOver()).forEach(this::adopt);
    return places.sessions().isEmpty() ? Requeue.done() : Requeue.after(PAUSE);
  }

  private Map<String, Session> all() {
    return scheduler.sessions().all().stream()
        .collect(Collectors.toMap(Session::id, Function.identity(), (one, again) -> one));
  }

  /** One that this process has not started counts for the owner of its app, or whose own it is. */
  private void adopt(Session running) {
    AppName app = running.instance().app();
    String owner =
        PersonalApp.is(app)
            ? users.of(app).map(User::name).orElse("")
            : apps.find(app).map(App::owner).orElse("");
    OpenSession open = new OpenSession(running.id(), app, owner, running.exec());
    open.began();
    places.adopt(open);
  }
}
