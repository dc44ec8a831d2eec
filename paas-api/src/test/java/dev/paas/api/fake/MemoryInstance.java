package dev.paas.api.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.api.scheduler.LogLine;
import dev.paas.base.time.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An instance of {@link MemoryScheduler}, on whose thread all of this happens. */
final class MemoryInstance {

  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1));
  private static final long MEMORY_LIMIT = 512L << 20;
  private static final int TERM = 15;

  private final InstanceSpec spec;
  private final MemoryScheduler scheduler;
  private final List<Runnable> whenGone = new ArrayList<>();
  private Instance view;
  private Program program;
  private int ends;

  /**
   * @param number of the instance on the host, of which its address is made
   */
  MemoryInstance(InstanceSpec spec, MemoryScheduler scheduler, int number) {
    this.spec = spec;
    this.scheduler = scheduler;
    this.program = program();
    this.view =
        new Instance(
            spec.name(),
            Instance.State.STARTING,
            0,
            "10.1." + (number / 250 % 250) + "." + (1 + number % 250),
            spec.port(),
            List.of(),
            Optional.empty(),
            0,
            Optional.empty(),
            0,
            MEMORY_LIMIT,
            0,
            "");
  }

  InstanceSpec spec() {
    return spec;
  }

  Instance view() {
    return view;
  }

  private Program program() {
    return new Program(scheduler.words(spec), spec.env(), spec.port(), new Doings());
  }

  /** Begins, and goes on after whoever asked has been answered. */
  void launch() {
    Program begun = program();
    program = begun;
    become(
        spec.port() == 0 ? Instance.State.RUNNING : Instance.State.STARTING,
        scheduler.newPid(),
        List.of(),
        view.lastExit());
    begun.inputEnded();
    scheduler.onLoop(begun::goOn);
  }

  private void launchAgain() {
    if (view.state() == Instance.State.BACKOFF && scheduler.has(this)) {
      launch();
    }
  }

  private void become(Instance.State state, int pid, List<Integer> listening, Optional<Exit> exit) {
    boolean starts = pid != 0 && view.pid() == 0;
    view =
        new Instance(
            spec.name(),
            state,
            pid,
            view.address(),
            spec.port(),
            listening,
            starts ? Optional.of(scheduler.now()) : view.startedAt(),
            starts && exit.isPresent() ? view.restarts() + 1 : view.restarts(),
            exit,
            0,
            MEMORY_LIMIT,
            0,
            "");
    scheduler.changed(view);
  }

  /** Asks it to end, and kills it after the grace. */
  void stop(Duration grace) {
    if (program.isOver()) {
      remove();
      return;
    }
    become(Instance.State.STOPPING, view.pid(), view.listening(), view.lastExit());
    if (grace.isZero()) {
      program.kill();
    } else {
      program.signal(TERM);
      scheduler.later(grace, program::kill);
    }
  }

  /** Its program listens where it should, whatever it did until now. */
  void listen() {
    become(Instance.State.RUNNING, view.pid(), List.of(spec.port()), view.lastExit());
  }

  /** Nothing is left of it. */
  void remove() {
    if (scheduler.left(this)) {
      whenGone.forEach(Runnable::run);
    }
  }

  void whenGone(Runnable step) {
    whenGone.add(step);
  }

  /** What its program does. */
  private final class Doings implements Program.World {

    @Override
    public void prints(byte[] bytes, boolean stderr) {
      new String(bytes, UTF_8)
          .lines()
          .map(text -> new LogLine(spec.name(), scheduler.now(), stderr, text))
          .forEach(scheduler::printed);
    }

    @Override
    public void listensOn(int port) {
      become(
          port == spec.port() ? Instance.State.RUNNING : view.state(),
          view.pid(),
          List.of(port),
          view.lastExit());
    }

    @Override
    public void ended(int code) {
      Optional<Exit> exit = Optional.of(scheduler.exit(code));
      if (view.state() == Instance.State.STOPPING) {
        remove();
      } else if (spec.restart()) {
        become(Instance.State.BACKOFF, 0, List.of(), exit);
        scheduler.later(PAUSES.after(++ends), MemoryInstance.this::launchAgain);
      } else {
        become(Instance.State.EXITED, 0, List.of(), exit);
      }
    }
  }
}
