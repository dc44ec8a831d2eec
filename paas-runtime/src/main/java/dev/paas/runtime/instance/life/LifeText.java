package dev.paas.runtime.instance.life;

import dev.paas.contract.runtime.Exit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What people are told in an app's log when an instance comes from one state to another. */
public final class LifeText {

  private LifeText() {}

  /**
   * @param port that the instance is to listen on; 0 for none
   * @return nothing where the state says nothing new
   */
  public static Optional<String> of(Life before, Life now, int port) {
    if (now instanceof Alive.Starting starting) {
      return before instanceof Alive ? Optional.empty() : Optional.of(started(starting.past()));
    } else if (now instanceof Alive.Running) {
      return before instanceof Alive.Running || port == 0
          ? Optional.empty()
          : Optional.of("listens on port " + port);
    } else if (now instanceof Life.BackingOff pause) {
      return before instanceof Life.BackingOff
          ? Optional.empty()
          : end(pause.past()).map(end -> end + "; starts again in " + seconds(pause));
    } else if (now instanceof Life.Exited exited) {
      return before instanceof Life.Exited ? Optional.empty() : end(exited.past());
    } else if (now instanceof Stopping stopping) {
      return stops(before, stopping);
    }
    return Optional.empty();
  }

  private static Optional<String> stops(Life before, Stopping now) {
    if (now.process().isPresent()) {
      return before instanceof Stopping ? Optional.empty() : Optional.of("is asked to stop");
    }
    // Of one that had no process its end was told, or there was none.
    return before.process().isPresent() ? end(now.past()) : Optional.empty();
  }

  private static String started(Life.Past past) {
    return past.restarts() == 0 ? "started" : "started again (restart " + past.restarts() + ")";
  }

  private static Optional<String> end(Life.Past past) {
    return past.lastExit().map(exit -> exit.getDetail().isEmpty() ? "ended" : exit.getDetail());
  }

  private static String seconds(Life.BackingOff pause) {
    long ended = pause.past().lastExit().map(Exit::getAtMillis).orElse(pause.nextStartMillis());
    long millis = Math.max(0, pause.nextStartMillis() - ended);
    return millis < TimeUnit.SECONDS.toMillis(1)
        ? millis + " ms"
        : TimeUnit.MILLISECONDS.toSeconds(millis) + " s";
  }
}
