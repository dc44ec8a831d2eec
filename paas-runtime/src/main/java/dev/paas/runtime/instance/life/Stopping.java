package dev.paas.runtime.instance.life;

import static dev.paas.runtime.instance.life.Action.CHECK;
import static dev.paas.runtime.instance.life.Action.KILL;
import static dev.paas.runtime.instance.life.Action.REMOVE;
import static dev.paas.runtime.instance.life.Action.SIGNAL;
import static dev.paas.runtime.instance.life.Action.TAKE_END;
import static dev.paas.runtime.instance.life.Action.WATCH_DISK;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asked to stop, or never begun: it is removed as soon as it has no process.
 *
 * @param before what it was
 * @param grace from the last stop signal to the kill
 */
public record Stopping(Life before, Duration grace) implements Life {
  @Override
  public Past past() {
    return before.past();
  }

  @Override
  public Instance.State state() {
    return Instance.State.STOPPING;
  }

  @Override
  public Optional<ProcessIdentity> process() {
    return before.process();
  }

  @Override
  public List<Integer> listening() {
    return before.listening();
  }

  @Override
  public long nextStartMillis() {
    return before.nextStartMillis();
  }

  @Override
  public Next adopted(boolean alive, long nowMillis, Duration newGrace) {
    if (process().isEmpty()) {
      return Next.of(this, REMOVE);
    }
    if (!alive) {
      return Next.of(this, TAKE_END);
    }
    // Since when is not known: no restart of the daemon cuts short what it does to end.
    return Next.of(new Stopping(before, newGrace), WATCH_DISK, CHECK, SIGNAL)
        .wake(newGrace, new Observation.GraceOver());
  }

  @Override
  public Next ended(Exit exit, Rules rules) {
    if (process().isEmpty()) {
      return Next.unchanged(this);
    }
    Past now = past().ended(exit, past().quickEnds());
    return Next.of(new Stopping(new Exited(now), grace), REMOVE);
  }

  @Override
  public Next stopAsked(Duration newGrace) {
    Stopping stopping = new Stopping(before, newGrace);
    return process().isEmpty()
        ? Next.of(stopping, REMOVE)
        : Next.of(stopping, SIGNAL).wake(newGrace, new Observation.GraceOver());
  }

  @Override
  public Next graceOver() {
    return process().isEmpty() ? Next.unchanged(this) : Next.of(this, KILL);
  }

  @Override
  public Next removed() {
    return Next.of(new Gone(past()));
  }
}
