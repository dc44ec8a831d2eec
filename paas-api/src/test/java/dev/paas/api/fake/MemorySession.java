package dev.paas.api.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.api.scheduler.Attachment;
import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Session;
import dev.paas.api.scheduler.SessionSpec;
import dev.paas.api.scheduler.TerminalSize;
import dev.paas.base.name.InstanceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session of {@link MemoryScheduler}, on whose thread all of this happens. */
final class MemorySession {

  private static final int TERM = 15;
  private static final int INTERRUPT = 2;

  /** Ctrl-C, which a terminal turns into a signal. */
  private static final byte END_OF_TEXT = 3;

  private final SessionSpec spec;
  private final InstanceName instance;
  private final List<String> argv;
  private final MemoryScheduler scheduler;
  private final Instant startedAt;
  private final Program program;
  private final List<Attachment.Output> output = new ArrayList<>();
  private final Set<MemoryAttachment> attached = new LinkedHashSet<>();
  private final List<Runnable> whenOver = new ArrayList<>();
  private Optional<TerminalSize> size;
  private @Nullable Exit exit;

  /** Counts the times when somebody came, so that an old deadline ends nothing. */
  private int visits;

  MemorySession(
      SessionSpec spec,
      InstanceName instance,
      List<String> argv,
      Map<String, String> env,
      MemoryScheduler scheduler) {
    this.spec = spec;
    this.instance = instance;
    this.argv = argv;
    this.scheduler = scheduler;
    this.size = spec.terminal();
    this.startedAt = scheduler.now();
    List<String> words =
        !argv.isEmpty() && argv.get(0).equals(MemoryScheduler.PROGRAM)
            ? argv.subList(1, argv.size())
            : List.of("wait");
    this.program = new Program(words, env, 0, new Doings());
  }

  void begin() {
    if (!spec.stdin()) {
      program.inputEnded();
    }
    unattendedFromNow();
    scheduler.onLoop(program::goOn);
  }

  InstanceName instance() {
    return instance;
  }

  boolean isApart() {
    return spec.place() instanceof SessionSpec.Apart;
  }

  boolean isInside(InstanceName one) {
    return spec.place() instanceof SessionSpec.Inside && instance.equals(one);
  }

  Session view() {
    return new Session(
        spec.id(),
        instance,
        spec.place() instanceof SessionSpec.Inside,
        argv,
        spec.terminal().isPresent(),
        startedAt,
        Optional.ofNullable(exit),
        attached.size());
  }

  Optional<Exit> exit() {
    return Optional.ofNullable(exit);
  }

  List<Attachment.Output> output() {
    return output;
  }

  long position() {
    return output.isEmpty() ? 0 : output.get(output.size() - 1).position();
  }

  long read() {
    return attached.stream().mapToLong(MemoryAttachment::position).max().orElse(0);
  }

  void joined(MemoryAttachment reader) {
    attached.add(reader);
    visits++;
  }

  void left(MemoryAttachment reader) {
    if (attached.remove(reader)) {
      unattendedFromNow();
    }
  }

  private void unattendedFromNow() {
    Duration patience = spec.unattended();
    int visit = ++visits;
    if (!patience.isZero()) {
      scheduler.later(
          patience,
          () -> {
            if (visit == visits && attached.isEmpty()) {
              stop(Duration.ZERO);
            }
          });
    }
  }

  boolean isOver() {
    return exit != null;
  }

  void input(byte[] bytes) {
    if (spec.terminal().isPresent() && contains(bytes, END_OF_TEXT)) {
      program.signal(INTERRUPT);
    } else if (spec.stdin()) {
      program.input(bytes);
    }
  }

  private static boolean contains(byte[] bytes, byte one) {
    for (byte each : bytes) {
      if (each == one) {
        return true;
      }
    }
    return false;
  }

  void inputEnded() {
    program.inputEnded();
  }

  void signal(int number) {
    program.signal(number);
  }

  void resize(TerminalSize now) {
    if (size.isPresent()) {
      size = Optional.of(now);
      program.resized();
    }
  }

  /** Asks it to end, and kills it after the grace. */
  void stop(Duration grace) {
    program.signal(TERM);
    if (grace.isZero()) {
      program.kill();
    } else {
      scheduler.later(grace, program::kill);
    }
  }

  void whenOver(Runnable step) {
    if (isOver()) {
      step.run();
    } else {
      whenOver.add(step);
    }
  }

  /** Everybody who is attached hears that the scheduler is away. */
  void fail(RuntimeException why) {
    List.copyOf(attached).forEach(reader -> reader.fail(why));
  }

  private void tell() {
    List.copyOf(attached).forEach(MemoryAttachment::deliver);
  }

  private final class Doings implements Program.World {

    /** A terminal has one output, and begins each line at the left. */
    @Override
    public void prints(byte[] bytes, boolean stderr) {
      boolean terminal = spec.terminal().isPresent();
      byte[] seen =
          terminal ? new String(bytes, UTF_8).replace("\n", "\r\n").getBytes(UTF_8) : bytes;
      output.add(new Attachment.Output(seen, stderr && !terminal, position() + seen.length));
      tell();
    }

    @Override
    public void listensOn(int port) {}

    @Override
    public Optional<TerminalSize> terminal() {
      return size;
    }

    @Override
    public void ended(int code) {
      exit = scheduler.exit(code);
      tell();
      whenOver.forEach(Runnable::run);
    }
  }
}
