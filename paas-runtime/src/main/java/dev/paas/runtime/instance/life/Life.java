package dev.paas.runtime.instance.life;

import static dev.paas.runtime.instance.life.Action.FREE;
import static dev.paas.runtime.instance.life.Action.LAUNCH;
import static dev.paas.runtime.instance.life.Action.RECORD;
import static dev.paas.runtime.instance.life.Action.REMOVE;

import dev.paas.base.time.Backoff;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Instance;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where an instance stands. A state answers each {@link Observation} with the next state and with
 * what is to be done; it asks nobody and does nothing itself. An observation that a state does not
 * expect tells of something that is over: it changes nothing.
 *
 * <p>What a daemon that is killed at any moment leaves is the state that was recorded last. {@link
 * Observation.Adopted} brings the next daemon to where this one would have come.
 */
public sealed interface Life
    permits Alive,
        Life.Accepted,
        Life.Launching,
        Life.BackingOff,
        Life.Exited,
        Life.Gone,
        Stopping {

  /**
   * What has happened to an instance so far.
   *
   * @param startedAtMillis of the last process; 0: none has started
   * @param unreachable why no request could reach the last process; empty: nothing is known
   * @param restarts launches after the first
   * @param quickEnds in a row: ends soon after the start, and launches that failed. A new daemon
   *     counts from 0
   * @param lastExit nothing before the first end
   */
  record Past(
      long startedAtMillis,
      String unreachable,
      int restarts,
      int quickEnds,
      Optional<Exit> lastExit) {

    public static final Past NONE = new Past(0, "", 0, 0, Optional.empty());

    Past started(long atMillis) {
      return new Past(atMillis, "", restarts, quickEnds, lastExit);
    }

    Past seen(String why) {
      return new Past(startedAtMillis, why, restarts, quickEnds, lastExit);
    }

    private Past restarted() {
      return new Past(startedAtMillis, unreachable, restarts + 1, quickEnds, lastExit);
    }

    Past ended(Exit exit, int quick) {
      return new Past(startedAtMillis, unreachable, restarts, quick, Optional.of(exit));
    }
  }

  /**
   * What holds for all of an instance's life.
   *
   * @param restart whether it is started again when its process ends
   * @param pauses before it is
   */
  record Rules(boolean restart, Backoff pauses) {}

  /** What an observation makes of a life. */
  static Next next(Life life, Observation seen, Rules rules) {
    return seen.of(life, rules);
  }

  Past past();

  /** The state's name in the contract. */
  Instance.State state();

  /** The process that it has, which may have ended without anybody having noticed. */
  default Optional<ProcessIdentity> process() {
    return Optional.empty();
  }

  /** The ports that the process was seen to listen on. */
  default List<Integer> listening() {
    return List.of();
  }

  /** When it is launched again; 0: that is not decided. */
  default long nextStartMillis() {
    return 0;
  }

  /** Whether a launch is its next step. */
  default boolean awaitsLaunch() {
    return false;
  }

  default Next adopted(boolean alive, long nowMillis, Duration grace) {
    return Next.unchanged(this);
  }

  default Next launched(ProcessIdentity process, long atMillis) {
    return Next.unchanged(this);
  }

  default Next launchFailed(Exit exit, Rules rules) {
    return Next.unchanged(this);
  }

  default Next seen(Observation.Seen seen) {
    return Next.unchanged(this);
  }

  default Next ended(Exit exit, Rules rules) {
    return Next.unchanged(this);
  }

  default Next startDue(long plannedMillis) {
    return Next.unchanged(this);
  }

  Next stopAsked(Duration grace);

  default Next graceOver() {
    return Next.unchanged(this);
  }

  default Next removed() {
    return Next.unchanged(this);
  }

  private static Next stoppedAtOnce(Life life, Duration grace) {
    return Next.of(new Stopping(life, grace), RECORD, REMOVE);
  }

  /** Asked for and recorded. Whoever asked waits: a launch that fails is told, not tried again. */
  record Accepted(Past past) implements Life {
    @Override
    public Instance.State state() {
      return Instance.State.STARTING;
    }

    @Override
    public boolean awaitsLaunch() {
      return true;
    }

    @Override
    public Next launched(ProcessIdentity process, long atMillis) {
      return Alive.Starting.begun(process, atMillis, past);
    }

    @Override
    public Next launchFailed(Exit exit, Rules rules) {
      return Next.of(new Stopping(this, Duration.ZERO), REMOVE);
    }

    @Override
    public Next stopAsked(Duration grace) {
      return stoppedAtOnce(this, grace);
    }
  }

  /** About to be launched, and nobody waits: a launch that fails is tried again. */
  record Launching(Past past) implements Life {
    @Override
    public Instance.State state() {
      return Instance.State.STARTING;
    }

    @Override
    public boolean awaitsLaunch() {
      return true;
    }

    @Override
    public Next adopted(boolean alive, long nowMillis, Duration grace) {
      return Next.of(this, LAUNCH);
    }

    @Override
    public Next launched(ProcessIdentity process, long atMillis) {
      return Alive.Starting.begun(process, atMillis, past);
    }

    @Override
    public Next launchFailed(Exit exit, Rules rules) {
      return BackingOff.after(past, exit, 0, rules);
    }

    @Override
    public Next stopAsked(Duration grace) {
      return stoppedAtOnce(this, grace);
    }
  }

  /** The process has ended, or could not be launched; after a pause it is launched again. */
  record BackingOff(long nextStartMillis, Past past) implements Life {

    /** A pause after an end, or after a launch that failed: the longer, the more in a row. */
    static Next after(Past past, Exit exit, long ranMillis, Rules rules) {
      boolean quick = ranMillis <= rules.pauses().longest().toMillis();
      int quickEnds = quick ? past.quickEnds() + 1 : 0;
      Duration pause = rules.pauses().after(quickEnds);
      long at = exit.getAtMillis() + pause.toMillis();
      return Next.of(new BackingOff(at, past.ended(exit, quickEnds)), RECORD, FREE)
          .wake(pause, new Observation.StartDue(at));
    }

    @Override
    public Instance.State state() {
      return Instance.State.BACKOFF;
    }

    @Override
    public Next adopted(boolean alive, long nowMillis, Duration grace) {
      Duration rest = Duration.ofMillis(Math.max(0, nextStartMillis - nowMillis));
      return Next.unchanged(this).wake(rest, new Observation.StartDue(nextStartMillis));
    }

    @Override
    public Next startDue(long plannedMillis) {
      // Recorded with its process: until then a crash leaves the pause, which is over at once.
      return plannedMillis == nextStartMillis
          ? Next.of(new Launching(past.restarted()), LAUNCH)
          : Next.unchanged(this);
    }

    @Override
    public Next stopAsked(Duration grace) {
      return stoppedAtOnce(this, grace);
    }
  }

  /** The process has ended and is not started again. */
  record Exited(Past past) implements Life {
    @Override
    public Instance.State state() {
      return Instance.State.EXITED;
    }

    @Override
    public Next stopAsked(Duration grace) {
      return stoppedAtOnce(this, grace);
    }
  }

  /** Nothing of it is left on this host but its log. */
  record Gone(Past past) implements Life {
    @Override
    public Instance.State state() {
      return Instance.State.STOPPING;
    }

    @Override
    public Next stopAsked(Duration grace) {
      return Next.unchanged(this);
    }
  }
}
