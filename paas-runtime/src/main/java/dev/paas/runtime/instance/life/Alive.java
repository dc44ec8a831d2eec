package dev.paas.runtime.instance.life;

import static dev.paas.runtime.instance.life.Action.BEGIN;
import static dev.paas.runtime.instance.life.Action.CHECK;
import static dev.paas.runtime.instance.life.Action.FREE;
import static dev.paas.runtime.instance.life.Action.PUBLISH;
import static dev.paas.runtime.instance.life.Action.RECORD;
import static dev.paas.runtime.instance.life.Action.SIGNAL;
import static dev.paas.runtime.instance.life.Action.TAKE_END;
import static dev.paas.runtime.instance.life.Action.TELL_OUT_OF_MEMORY;
import static dev.paas.runtime.instance.life.Action.WATCH_DISK;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A life with a process of its own, from the end of its launch to the process's end or a stop. */
public sealed interface Alive extends Life {

  ProcessIdentity program();

  @Override
  default Optional<ProcessIdentity> process() {
    return Optional.of(program());
  }

  @Override
  default Next adopted(boolean alive, long nowMillis, Duration grace) {
    return alive ? Next.of(this, WATCH_DISK, CHECK, BEGIN) : Next.of(this, TAKE_END);
  }

  @Override
  default Next ended(Exit exit, Rules rules) {
    long started = past().startedAtMillis();
    long ran = started == 0 ? 0 : exit.getAtMillis() - started;
    Next next =
        rules.restart()
            ? BackingOff.after(past(), exit, ran, rules)
            : Next.of(new Exited(past().ended(exit, past().quickEnds())), RECORD, FREE);
    return exit.getReason() == Exit.Reason.OOM_KILLED ? next.first(TELL_OUT_OF_MEMORY) : next;
  }

  @Override
  default Next stopAsked(Duration grace) {
    return Next.of(new Stopping(this, grace), RECORD, SIGNAL)
        .wake(grace, new Observation.GraceOver());
  }

  /** The process runs; no request reaches it yet. */
  record Starting(ProcessIdentity program, List<Integer> listening, Past past) implements Alive {

    /** A launch is through. The process is recorded: it was, before its first instruction. */
    static Next begun(ProcessIdentity process, long atMillis, Past past) {
      return Next.of(new Starting(process, List.of(), past.started(atMillis)), PUBLISH, CHECK);
    }

    public Starting {
      listening = List.copyOf(listening);
    }

    @Override
    public Instance.State state() {
      return Instance.State.STARTING;
    }

    @Override
    public Next seen(Observation.Seen seen) {
      if (!program.equals(seen.process())) {
        return Next.unchanged(this);
      }
      Past now = past.seen(seen.unreachable());
      Life life =
          seen.ready()
              ? new Running(program, seen.listening(), now)
              : new Starting(program, seen.listening(), now);
      return life.equals(this) ? Next.unchanged(this) : Next.of(life, RECORD);
    }
  }

  /** Requests reach the process, or it has no port and has lived for a while. */
  record Running(ProcessIdentity program, List<Integer> listening, Past past) implements Alive {
    public Running {
      listening = List.copyOf(listening);
    }

    @Override
    public Instance.State state() {
      return Instance.State.RUNNING;
    }

    @Override
    public Next seen(Observation.Seen seen) {
      if (!program.equals(seen.process()) || listening.equals(seen.listening())) {
        return Next.unchanged(this);
      }
      return Next.of(new Running(program, seen.listening(), past), RECORD);
    }
  }
}
