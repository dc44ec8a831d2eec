package dev.paas.runtime.instance.life;

import dev.paas.contract.runtime.Instance;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Duration;
import java.util.Optional;

/**
 * A life in the form in which it is stored and in which others see it, and back. The only place
 * that knows both.
 */
public final class LifeView {

  /** Stands for a process that was recorded, but is nobody's now: no process has this number. */
  static final ProcessIdentity NOBODY = new ProcessIdentity(-1, 0);

  private LifeView() {}

  /**
   * What others see.
   *
   * @param base what holds for all of the instance's life, e.g. its address; the rest is replaced
   */
  public static Instance of(Instance base, Life life) {
    Life.Past past = life.past();
    Instance.Builder view =
        base.toBuilder()
            .setState(life.state())
            .setPid(life.process().map(process -> Math.max(0, process.pid())).orElse(0))
            .clearListening()
            .addAllListening(life.listening())
            .setUnreachable(past.unreachable())
            .setStartedAtMillis(past.startedAtMillis())
            .setRestarts(past.restarts())
            .setNextStartMillis(life.nextStartMillis())
            .clearLastExit();
    past.lastExit().ifPresent(view::setLastExit);
    return view.build();
  }

  /**
   * The life that a view was made of, as far as a daemon that starts again can know it.
   *
   * @param process that was recorded with it; nothing when it had none, or one of an earlier boot
   */
  public static Life life(Instance view, Optional<ProcessIdentity> process) {
    Life.Past past =
        new Life.Past(
            view.getStartedAtMillis(),
            view.getUnreachable(),
            view.getRestarts(),
            0,
            view.hasLastExit() ? Optional.of(view.getLastExit()) : Optional.empty());
    ProcessIdentity program = process.orElse(NOBODY);
    return switch (view.getState()) {
      // Without a process the daemon was killed before the program's first instruction.
      case STARTING ->
          process.isPresent()
              ? new Alive.Starting(program, view.getListeningList(), past)
              : new Life.Launching(past);
      case BACKOFF -> new Life.BackingOff(view.getNextStartMillis(), past);
      case EXITED -> new Life.Exited(past);
      case STOPPING -> new Stopping(stopped(view, process, past), Duration.ZERO);
      case RUNNING, STATE_UNSPECIFIED, UNRECOGNIZED ->
          new Alive.Running(program, view.getListeningList(), past);
    };
  }

  private static Life stopped(Instance view, Optional<ProcessIdentity> process, Life.Past past) {
    if (process.isPresent()) {
      return new Alive.Running(process.get(), view.getListeningList(), past);
    }
    return view.getNextStartMillis() > 0
        ? new Life.BackingOff(view.getNextStartMillis(), past)
        : new Life.Exited(past);
  }
}
