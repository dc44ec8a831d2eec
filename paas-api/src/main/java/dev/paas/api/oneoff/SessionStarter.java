package dev.paas.api.oneoff;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.audit.Endings;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.api.scheduler.Session;
import dev.paas.api.scheduler.SessionSpec;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Starts commands for the user of the request that is being served, who may do so. */
@ApplicationScoped
class SessionStarter {

  private final OneOffs places;
  private final OneOffSpecs specs;
  private final Scheduler scheduler;
  private final CurrentUser current;
  private final Endings endings;
  private final OpenSessions sessions;

  SessionStarter(
      OneOffs places,
      OneOffSpecs specs,
      Scheduler scheduler,
      CurrentUser current,
      Endings endings,
      OpenSessions sessions) {
    this.places = places;
    this.specs = specs;
    this.scheduler = scheduler;
    this.current = current;
    this.endings = endings;
    this.sessions = sessions;
  }

  /** Takes a place for a run that starts when its output is read; answers with its id. */
  String waiting(AppName app, @Nullable List<String> command, Map<String, String> env) {
    List<String> argv = checked(command);
    OneOff run =
        new OneOff(app, current.user().name(), scheduler.run(specs.of(app, argv, checked(env))));
    String id = places.newId();
    places.add(id, run, () -> run.recorded(began("run", app, argv)));
    return id;
  }

  /**
   * Starts a session and waits until the scheduler has it.
   *
   * @throws PaasException also the scheduler's own
   */
  OpenSession start(AppName app, TerminalRequest asked) {
    SessionSpec.Place place = place(app, asked);
    String id = places.newId();
    boolean exec = asked.process() != null;
    OpenSession open = new OpenSession(id, app, current.user().name(), exec);
    places.add(id, open, () -> open.recorded(began(app, asked)));
    try {
      Session unused =
          scheduler
              .sessions()
              .start(
                  new SessionSpec(
                      id,
                      place,
                      asked.size(),
                      asked.takesInput() && !asked.isDetached(),
                      asked.isDetached() ? Duration.ZERO : specs.unattended()))
              .join();
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      notBegun(open, cause);
      throw cause instanceof PaasException known ? known : failed;
    } catch (RuntimeException | Error failed) {
      notBegun(open, failed);
      throw failed;
    }
    open.began();
    // Nobody who reads it has to come before its end is noticed.
    sessions.look();
    return open;
  }

  /** Finds the instance for a connection to one of its ports, and records who makes it. */
  InstanceName forwarded(AppName app, String process, int port) {
    InstanceName instance = instance(app, process);
    current.did("forward", app, instance.label() + ":" + port);
    return instance;
  }

  private SessionSpec.Place place(AppName app, TerminalRequest asked) {
    Map<String, String> env = asked.env() == null ? Map.of() : checked(asked.env());
    ImageRun image = asked.image();
    if (image != null) {
      var unused = unlessEmpty(image.entrypoint());
      return specs.of(app, image, unlessEmpty(asked.command()), env);
    }
    List<String> argv = checked(asked.command());
    String process = asked.process();
    return process == null
        ? new SessionSpec.Apart(specs.of(app, argv, env))
        : new SessionSpec.Inside(instance(app, process), argv, env);
  }

  private static List<String> unlessEmpty(@Nullable List<String> words) {
    return words == null || words.isEmpty() ? List.of() : checked(words);
  }

  private long began(AppName app, TerminalRequest asked) {
    ImageRun image = asked.image();
    return image == null
        ? began(asked.process() == null ? "run" : "exec", app, checked(asked.command()))
        : current.began("run.image", null, String.valueOf(image.digest()));
  }

  private void notBegun(OpenSession open, Throwable cause) {
    places.remove(open.id());
    endings.failed(open.entry(), cause);
    // It may have begun all the same, when only the answer was lost: then it counts again.
    sessions.look();
  }

  /** Records the program alone: what follows it may be secret. */
  private long began(String kind, AppName app, List<String> argv) {
    return current.began(kind, app, argv.get(0));
  }

  private static List<String> checked(@Nullable List<String> command) {
    if (command == null || command.isEmpty()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "run.no-command",
              "Which command?",
              "Write it after the app: paas run -- ls -l.")
          .asException();
    }
    for (String word : command) {
      if (word == null || word.indexOf('\0') >= 0) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "run.bad-argument",
                "An argument is a text without a NUL character",
                String.valueOf(word),
                "Take the NUL out; a program can read such bytes from its input.")
            .asException();
      }
    }
    return command;
  }

  private static Map<String, String> checked(Map<String, String> env) {
    env.forEach(
        (name, value) -> {
          if (value == null) {
            throw Problem.of(
                    Kind.IMPOSSIBLE,
                    "run.bad-argument",
                    "A variable of a run has no value",
                    name,
                    "Leave it out, or give it a text.")
                .asException();
          }
        });
    return env;
  }

  /** The newest instance of this label, e.g. {@code web.1}, or of this process type, that runs. */
  private InstanceName instance(AppName app, String label) {
    return scheduler.list(app).stream()
        .filter(instance -> instance.state() == Instance.State.RUNNING)
        .map(Instance::name)
        .filter(name -> name.label().equals(label) || name.process().value().equals(label))
        .max(
            Comparator.comparingLong(InstanceName::release)
                .thenComparingLong(InstanceName::generation)
                .thenComparing(Comparator.comparingInt(InstanceName::slot).reversed()))
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.NOT_FOUND,
                        "terminal.no-instance",
                        "No such instance runs",
                        label,
                        "See what runs with paas ps, and name one like web.1.")
                    .asException());
  }
}
