package dev.paas.api.fake;

import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.api.scheduler.Run;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run of {@link MemoryScheduler}, on whose thread its program goes on. */
final class MemoryRun implements Run {

  private static final int TERM = 15;

  private final InstanceSpec spec;
  private final MemoryScheduler scheduler;
  private final AtomicBoolean taken = new AtomicBoolean();

  /** Open once the program has begun, or never will. */
  private final CountDownLatch begun = new CountDownLatch(1);

  /** These two belong to the scheduler's thread; null before the start. */
  private @Nullable Program program;

  private @Nullable MultiEmitter<? super Event> reader;

  MemoryRun(InstanceSpec spec, MemoryScheduler scheduler) {
    this.spec = spec;
    this.scheduler = scheduler;
  }

  AppName app() {
    return spec.name().app();
  }

  @Override
  public boolean started() {
    return taken.get();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Event> subscriber) {
    Multi<Event> events =
        taken.compareAndSet(false, true)
            ? Multi.createFrom()
                .emitter(
                    emitter -> scheduler.onLoop(() -> begin(emitter)), BackPressureStrategy.BUFFER)
            : Multi.createFrom()
                .failure(
                    Problem.of(
                            Kind.CONFLICT,
                            "run.taken",
                            "The output of this run is being read already",
                            "Start another.")
                        .asException());
    events.subscribe().withSubscriber(subscriber);
  }

  private void begin(MultiEmitter<? super Event> emitter) {
    try {
      scheduler.begun(this, spec);
    } catch (PaasException refused) {
      begun.countDown();
      emitter.fail(refused);
      return;
    }
    reader = emitter;
    program = new Program(words(), spec.env(), spec.port(), new Doings(emitter));
    emitter.onTermination(() -> scheduler.onLoop(this::end));
    emitter.emit(new Started());
    begun.countDown();
    program.goOn();
  }

  /** A command that is not known waits for its signal. */
  private List<String> words() {
    List<String> argv = spec.argv();
    return !argv.isEmpty() && argv.get(0).equals(MemoryScheduler.PROGRAM)
        ? argv.subList(1, argv.size())
        : List.of("wait");
  }

  /** On the scheduler's thread: asks the program to end, which has no time for that. */
  void end() {
    Program running = program;
    if (running != null) {
      running.signal(TERM);
      running.kill();
    }
  }

  /** On the scheduler's thread: its reader hears no end of it. */
  void fail(PaasException why) {
    MultiEmitter<? super Event> told = reader;
    if (told != null) {
      told.fail(why);
    }
    end();
  }

  @Override
  public boolean stdin(byte[] bytes, int length) throws IOException {
    return send(running -> running.input(Arrays.copyOf(bytes, length)));
  }

  @Override
  public boolean stdinClosed() throws IOException {
    return send(Program::inputEnded);
  }

  @Override
  public boolean signal(int number) throws IOException {
    return send(running -> running.signal(number));
  }

  private boolean send(Consumer<Program> step) throws IOException {
    try {
      begun.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stop);
    }
    return scheduler.get(
        () -> {
          Program running = program;
          if (running == null || running.isOver()) {
            return false;
          }
          step.accept(running);
          return true;
        });
  }

  private final class Doings implements Program.World {

    private final MultiEmitter<? super Event> events;

    Doings(MultiEmitter<? super Event> events) {
      this.events = events;
    }

    @Override
    public void prints(byte[] bytes, boolean stderr) {
      events.emit(new Output(bytes, stderr));
    }

    @Override
    public void listensOn(int port) {}

    @Override
    public void ended(int code) {
      scheduler.over(MemoryRun.this);
      events.emit(new Ended(scheduler.exit(code)));
      events.complete();
    }
  }
}
