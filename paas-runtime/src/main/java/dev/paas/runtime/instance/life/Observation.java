package dev.paas.runtime.instance.life;

import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Duration;
import java.util.List;

/** What was seen of an instance, or asked of it. */
public sealed interface Observation {

  /** What it makes of a life; see {@link Life#next}. */
  Next of(Life life, Life.Rules rules);

  /**
   * An earlier daemon has recorded it.
   *
   * @param alive whether the process that was recorded runs
   * @param grace of a stop that was under way
   */
  record Adopted(boolean alive, long nowMillis, Duration grace) implements Observation {
    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.adopted(alive, nowMillis, grace);
    }
  }

  /** It has a new process. */
  record Launched(ProcessIdentity process, long atMillis) implements Observation {
    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.launched(process, atMillis);
    }
  }

  /**
   * It could not be launched.
   *
   * @param exit that says why
   */
  record LaunchFailed(Exit exit) implements Observation {
    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.launchFailed(exit, rules);
    }
  }

  /**
   * A look at its process.
   *
   * @param listening the ports that it listens on
   * @param unreachable why no request reaches it; empty: not known, or one does
   * @param ready whether requests reach it, or it has lived long enough without a port
   */
  record Seen(ProcessIdentity process, List<Integer> listening, String unreachable, boolean ready)
      implements Observation {
    public Seen {
      listening = List.copyOf(listening);
    }

    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.seen(this);
    }
  }

  /** Its process has ended. */
  record Ended(Exit exit) implements Observation {
    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.ended(exit, rules);
    }
  }

  /**
   * A pause is over.
   *
   * @param plannedMillis the pause's end, by which a pause of long ago is told from this one
   */
  record StartDue(long plannedMillis) implements Observation {
    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.startDue(plannedMillis);
    }
  }

  /**
   * Somebody wants it to end.
   *
   * @param grace from the stop signal to the kill
   */
  record StopAsked(Duration grace) implements Observation {
    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.stopAsked(grace);
    }
  }

  /** What a stop granted is over. */
  record GraceOver() implements Observation {
    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.graceOver();
    }
  }

  /** Everything that it had on this host is freed. */
  record Removed() implements Observation {
    @Override
    public Next of(Life life, Life.Rules rules) {
      return life.removed();
    }
  }
}
