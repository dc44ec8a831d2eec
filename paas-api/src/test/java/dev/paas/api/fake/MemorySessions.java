package dev.paas.api.fake;

import dev.paas.api.scheduler.Attachment;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.api.scheduler.Session;
import dev.paas.api.scheduler.SessionSpec;
import dev.paas.api.scheduler.Sessions;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sessions of a {@link MemoryScheduler}, on whose thread all of this happens. */
final class MemorySessions implements Sessions {

  private static final String FORWARD = "forward ";

  private final MemoryScheduler scheduler;
  private final Map<String, MemorySession> sessions = new LinkedHashMap<>();
  private int slots;
  private volatile @Nullable Held held;

  private record Held(CompletableFuture<Void> came, CompletableFuture<Void> until) {}

  MemorySessions(MemoryScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<Session> start(SessionSpec spec) {
    Held waits = held;
    held = null;
    if (waits == null) {
      return scheduler.ask(() -> started(spec).view());
    }
    waits.came().complete(null);
    return waits.until().thenCompose(none -> scheduler.ask(() -> started(spec).view()));
  }

  /** The next start waits; the answer is done when it has come. */
  CompletableFuture<Void> hold(CompletableFuture<Void> until) {
    Held waits = new Held(new CompletableFuture<>(), until);
    held = waits;
    return waits.came();
  }

  private MemorySession started(SessionSpec spec) {
    scheduler.present();
    MemorySession there = sessions.get(spec.id());
    if (there != null) {
      return there;
    }
    MemorySession begun =
        spec.place() instanceof SessionSpec.Inside inside
            ? inside(spec, inside)
            : apart(spec, ((SessionSpec.Apart) spec.place()).spec());
    sessions.put(spec.id(), begun);
    begun.begin();
    return begun;
  }

  private MemorySession inside(SessionSpec spec, SessionSpec.Inside inside) {
    if (scheduler.running(inside.instance()).isEmpty()) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "session.no-instance",
              "There is no such instance, or it does not run",
              inside.instance().label(),
              "See what runs with paas ps.")
          .asException();
    }
    Map<String, String> env = new HashMap<>(scheduler.started(inside.instance()).env());
    env.putAll(inside.env());
    return new MemorySession(spec, inside.instance(), inside.argv(), env, scheduler);
  }

  private MemorySession apart(SessionSpec spec, InstanceSpec run) {
    scheduler.check(run, true);
    InstanceName asked = run.name();
    InstanceName name =
        new InstanceName(
            asked.app(),
            asked.process(),
            asked.release(),
            asked.slot() == 0 ? ++slots : asked.slot(),
            asked.generation());
    return new MemorySession(spec, name, run.argv(), run.env(), scheduler);
  }

  @Override
  public CompletableFuture<String> signal(String id, int number) {
    return scheduler.ask(
        () -> {
          find(id).signal(number);
          return id;
        });
  }

  @Override
  public Attachment attach(String id, long position) {
    return new MemoryAttachment(id, position, scheduler);
  }

  /** What listens in memory gives back what it is sent. */
  @Override
  public Attachment forward(InstanceName instance, int port) {
    return new MemoryAttachment(FORWARD + instance + " " + port, 0, scheduler);
  }

  /** How many sessions run that are inside no instance. */
  int runs() {
    return (int)
        sessions.values().stream()
            .filter(session -> session.isApart() && !session.isOver())
            .count();
  }

  private MemorySession connected(String id) {
    String[] words = id.substring(FORWARD.length()).split(" ");
    InstanceName inside = InstanceName.parse(words[0]).orElseThrow();
    boolean listens =
        scheduler
            .running(inside)
            .filter(found -> Integer.toString(found.port()).equals(words[1]))
            .isPresent();
    if (!listens) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "forward.refused",
              "Nobody listens on this port in the instance",
              inside.label() + ":" + words[1],
              "Start the server.")
          .asException();
    }
    List<String> echo = List.of(MemoryScheduler.PROGRAM, "cat");
    SessionSpec spec =
        new SessionSpec(
            "",
            new SessionSpec.Inside(inside, echo, Map.of()),
            Optional.empty(),
            true,
            Duration.ZERO);
    MemorySession connected = new MemorySession(spec, inside, echo, Map.of(), scheduler);
    connected.begin();
    return connected;
  }

  /** On the scheduler's thread. */
  MemorySession find(String id) {
    scheduler.present();
    if (id.startsWith(FORWARD)) {
      return connected(id);
    }
    MemorySession found = sessions.get(id);
    if (found == null) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "session.not-found",
              "There is no such session, or it is no longer kept",
              id,
              "Start another.")
          .asException();
    }
    return found;
  }

  @Override
  public List<Session> list(AppName app) {
    return views(session -> session.instance().app().equals(app));
  }

  @Override
  public List<Session> all() {
    return views(session -> true);
  }

  private List<Session> views(Predicate<MemorySession> some) {
    Supplier<List<Session>> work =
        () -> {
          scheduler.present();
          return sessions.values().stream().filter(some).map(MemorySession::view).toList();
        };
    return scheduler.get(work);
  }

  @Override
  public CompletableFuture<String> stop(String id, Duration grace) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    scheduler.onLoop(
        () -> {
          try {
            scheduler.present();
          } catch (PaasException away) {
            answer.completeExceptionally(away);
            return;
          }
          MemorySession there = sessions.get(id);
          if (there == null) {
            answer.complete(id);
            return;
          }
          there.whenOver(() -> answer.complete(id));
          there.stop(grace);
        });
    return answer;
  }

  /** On the scheduler's thread: what runs inside an instance ends with it. */
  void gone(Instance instance) {
    List.copyOf(sessions.values()).stream()
        .filter(session -> session.isInside(instance.name()))
        .forEach(session -> session.stop(Duration.ZERO));
  }

  /** On the scheduler's thread: nothing is left of an app's. */
  void remove(AppName app) {
    List<String> gone = new ArrayList<>();
    sessions.forEach(
        (id, session) -> {
          if (session.instance().app().equals(app)) {
            session.stop(Duration.ZERO);
            gone.add(id);
          }
        });
    gone.forEach(sessions::remove);
  }

  /** On the scheduler's thread: whoever is attached hears that it is away. */
  void fail(PaasException away) {
    List.copyOf(sessions.values()).forEach(session -> session.fail(away));
  }
}
