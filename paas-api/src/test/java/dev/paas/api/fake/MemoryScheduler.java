package dev.paas.api.fake;

import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.api.scheduler.LogLine;
import dev.paas.api.scheduler.LogQuery;
import dev.paas.api.scheduler.Run;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.api.scheduler.Sessions;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A second scheduler: instances that are nothing but rows and a {@link Program} each. It passes
 * {@code SchedulerContract} as paas-runtimed does.
 *
 * <p>Everything happens on one thread of its own; the fields belong to that thread. A step that
 * throws there, in here or in a watcher, fails whatever is asked of the scheduler afterwards, and
 * its end.
 */
public final class MemoryScheduler implements Scheduler, AutoCloseable {

  /** What instances do whose command is none of {@link Program}'s. */
  public enum Behaviour {
    LISTEN("serve"),
    LISTEN_ON_3000("listen 3000"),
    EXIT("exit 1");

    private final String words;

    Behaviour(String words) {
      this.words = words;
    }
  }

  /** The command that {@link Program} knows. */
  static final String PROGRAM = "program";

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final int SIGNAL_BASE = 128;

  private final Predicate<String> images;
  private final Clock clock = Clock.systemUTC();
  private final Loop loop = new Loop();
  private final SortedMap<InstanceName, MemoryInstance> instances = new TreeMap<>();
  private final Map<InstanceName, InstanceSpec> specs = new HashMap<>();
  private final Set<Watching> watchers = new LinkedHashSet<>();
  private final Set<MemoryRun> runs = new LinkedHashSet<>();
  private final MemorySessions sessions = new MemorySessions(this);
  private final MemoryLogs logs;
  private Behaviour behaviour = Behaviour.LISTEN;
  private int startsThatFail;
  private int stopsThatFail;
  private int nextPid = 1000;
  private int made;
  private long deaths;
  private boolean away;

  /**
   * @param images whether there is one of this digest
   */
  public MemoryScheduler(Predicate<String> images) {
    this.images = images;
    this.logs = new MemoryLogs(loop);
  }

  // What tests do and ask.

  /** What the next starts do. */
  public void behave(Behaviour now) {
    tell(() -> behaviour = now);
  }

  /** So many of the next starts fail for a reason of the host. */
  public void startsFail(int number) {
    tell(() -> startsThatFail = number);
  }

  /** So many of the next stops fail for a reason of the host. */
  public void stopsFail(int number) {
    tell(() -> stopsThatFail = number);
  }

  /** It is not there, until it is told that it is; what runs goes on. */
  public void away(boolean now) {
    tell(
        () -> {
          away = now;
          if (now) {
            List.copyOf(watchers).forEach(watching -> watching.end("away"));
            logs.fail(unavailable());
            List.copyOf(runs).forEach(run -> run.fail(unavailable()));
            sessions.fail(unavailable());
          }
        });
  }

  /** Says from now on that it has ended once more without having been told to. */
  public void died() {
    tell(() -> deaths++);
  }

  /** All instances of an app listen where they should from now on. */
  public void listen(String app) {
    tell(() -> of(new AppName(app)).forEach(MemoryInstance::listen));
  }

  /** The host lost them, e.g. by a reboot. */
  public void loseInstances(String app) {
    tell(() -> of(new AppName(app)).forEach(MemoryInstance::remove));
  }

  public List<Instance> instances(String app) {
    return get(() -> views(of(new AppName(app))));
  }

  /** Those of all apps. */
  public List<Instance> instances() {
    return get(() -> views(List.copyOf(instances.values())));
  }

  /** What an instance was started with that may be gone. */
  public InstanceSpec spec(InstanceName name) {
    return get(() -> started(name));
  }

  /** On its thread: what an instance was started with. */
  InstanceSpec started(InstanceName name) {
    return Objects.requireNonNull(specs.get(name), "never started: " + name);
  }

  /** How many runs are under way, those among sessions too. */
  public int running() {
    return get(() -> runs.size() + sessions.runs());
  }

  /** How many bytes of a session's output whoever is attached has been given, or is about to be. */
  public long read(String session) {
    return get(() -> sessions.find(session).read());
  }

  // The port.

  @Override
  public Watch watch(Watcher watcher) {
    Watching watching = new Watching(watcher);
    loop.execute(watching::begin);
    return () -> loop.execute(() -> watching.end("closed"));
  }

  @Override
  public List<Instance> list(AppName app) {
    return get(
        () -> {
          present();
          return views(of(app));
        });
  }

  @Override
  public CompletableFuture<Instance> start(InstanceSpec spec) {
    return ask(() -> started(spec));
  }

  private Instance started(InstanceSpec spec) {
    present();
    MemoryInstance there = instances.get(spec.name());
    check(spec, there == null);
    if (there != null) {
      return there.view();
    }
    if (startsThatFail > 0) {
      startsThatFail--;
      throw Problem.of(
              Kind.HOST_FAILED,
              "instance.start-failed",
              "The container can't be made",
              "Read what the host says.")
          .asException();
    }
    MemoryInstance begun = new MemoryInstance(spec, this, made++);
    instances.put(spec.name(), begun);
    specs.put(spec.name(), spec);
    begun.launch();
    return begun.view();
  }

  void check(InstanceSpec spec, boolean isNew) {
    if (!DIGEST.matcher(spec.image()).matches()) {
      throw Problem.of(
              Kind.INVALID,
              "instance.bad-spec",
              "An image is named by its digest",
              spec.image(),
              "Name it by its digest.")
          .asException();
    }
    if (isNew && !images.test(spec.image())) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "image.not-found",
              "There is no such image",
              spec.image(),
              "Build it first.")
          .asException();
    }
  }

  @Override
  public CompletableFuture<InstanceName> stop(InstanceName instance, Duration grace) {
    CompletableFuture<InstanceName> answer = new CompletableFuture<>();
    loop.execute(
        () -> {
          if (away) {
            answer.completeExceptionally(unavailable());
            return;
          }
          if (stopsThatFail > 0) {
            stopsThatFail--;
            answer.completeExceptionally(new IllegalStateException("the host can't stop it"));
            return;
          }
          MemoryInstance there = instances.get(instance);
          if (there == null) {
            answer.complete(instance);
          } else {
            there.whenGone(() -> answer.complete(instance));
            there.stop(grace);
          }
        });
    return answer;
  }

  @Override
  public List<String> lastLines(InstanceName instance, int count) {
    return get(
        () -> {
          present();
          return logs.last(instance, count);
        });
  }

  @Override
  public Flow.Publisher<LogLine> logs(LogQuery query) {
    return logs.read(query, this::present);
  }

  @Override
  public Run run(InstanceSpec spec) {
    return new MemoryRun(spec, this);
  }

  /** The next start of a session waits for this; the answer is done when it has come. */
  public CompletableFuture<Void> holdSession(CompletableFuture<Void> until) {
    return sessions.hold(until);
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public void removeApp(AppName app, Duration patience) {
    tell(
        () -> {
          present();
          of(app).forEach(row -> row.stop(Duration.ZERO));
          runs.stream().filter(run -> run.app().equals(app)).toList().forEach(MemoryRun::end);
          sessions.remove(app);
          logs.remove(app);
        });
  }

  @Override
  public void close() {
    loop.shutdownNow();
    loop.check();
  }

  // What instances and runs need of it, on its thread.

  int newPid() {
    return nextPid++;
  }

  Instant now() {
    return clock.instant();
  }

  void later(Duration pause, Runnable step) {
    var unused = loop.schedule(step, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  void printed(LogLine line) {
    logs.add(line);
  }

  void changed(Instance view) {
    List.copyOf(watchers).forEach(watching -> watching.watcher.changed(view));
  }

  boolean has(MemoryInstance instance) {
    return instances.get(instance.spec().name()) == instance;
  }

  /** False when it had left before. */
  boolean left(MemoryInstance instance) {
    InstanceName name = instance.spec().name();
    boolean was = instances.remove(name, instance);
    if (was) {
      sessions.gone(instance.view());
      List.copyOf(watchers).forEach(watching -> watching.watcher.removed(name));
    }
    return was;
  }

  void onLoop(Runnable step) {
    loop.execute(step);
  }

  /** Does something on its thread, and fails with what that failed with. */
  <T> CompletableFuture<T> ask(Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            answer.complete(work.get());
          } catch (RuntimeException failed) {
            answer.completeExceptionally(failed);
          }
        });
    return answer;
  }

  /** On its thread: an instance that has a process. */
  Optional<Instance> running(InstanceName name) {
    return Optional.ofNullable(instances.get(name))
        .map(MemoryInstance::view)
        .filter(view -> view.pid() != 0);
  }

  /** On its thread: a session that may be over. */
  MemorySession session(String id) {
    return sessions.find(id);
  }

  /** Whatever has been handed to its thread before has been done. */
  <T> T get(Supplier<T> work) {
    try {
      T result = CompletableFuture.supplyAsync(work, loop).join();
      loop.check();
      return result;
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof PaasException problem) {
        throw problem;
      }
      throw failed;
    }
  }

  private void tell(Runnable step) {
    get(
        () -> {
          step.run();
          return true;
        });
  }

  void begun(MemoryRun run, InstanceSpec spec) {
    present();
    check(spec, true);
    runs.add(run);
  }

  void over(MemoryRun run) {
    runs.remove(run);
  }

  Exit exit(int code) {
    boolean signal = code > SIGNAL_BASE;
    return new Exit(
        signal ? Exit.Reason.SIGNALLED : Exit.Reason.EXITED,
        code,
        signal ? "ended by signal " + (code - SIGNAL_BASE) : "exited with code " + code,
        clock.instant());
  }

  void present() {
    if (away) {
      throw unavailable();
    }
  }

  private static PaasException unavailable() {
    return Problem.of(
            Kind.UNAVAILABLE,
            "runtime.unavailable",
            "The scheduler does not answer",
            "Try again in a moment.")
        .asException();
  }

  private List<MemoryInstance> of(AppName app) {
    return instances.values().stream().filter(row -> row.spec().name().app().equals(app)).toList();
  }

  private static List<Instance> views(List<MemoryInstance> rows) {
    List<Instance> views = new ArrayList<>();
    rows.forEach(row -> views.add(row.view()));
    return views;
  }

  /** What an instance does. */
  List<String> words(InstanceSpec spec) {
    if (!spec.argv().isEmpty() && spec.argv().get(0).equals(PROGRAM)) {
      return spec.argv().subList(1, spec.argv().size());
    }
    List<String> words = new ArrayList<>(List.of("say", "hello from " + spec.name().slot()));
    words.addAll(List.of(behaviour.words.split(" ")));
    return words;
  }

  /** Somebody who hears what runs. */
  private final class Watching {

    private final Watcher watcher;
    private boolean over;

    Watching(Watcher watcher) {
      this.watcher = watcher;
    }

    void begin() {
      if (away) {
        end("away");
      } else if (!over) {
        watchers.add(this);
        watcher.snapshot(views(List.copyOf(instances.values())), deaths);
      }
    }

    void end(String why) {
      if (!over) {
        over = true;
        watchers.remove(this);
        watcher.lost(why);
      }
    }
  }
}
