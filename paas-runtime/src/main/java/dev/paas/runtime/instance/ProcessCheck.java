package dev.paas.runtime.instance;

import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.Instance;
import dev.paas.runtime.instance.life.Alive;
import dev.paas.runtime.instance.life.Life;
import dev.paas.runtime.instance.life.Observation;
import dev.paas.runtime.instance.ready.ListeningSockets;
import dev.paas.runtime.instance.ready.Readiness;
import dev.paas.runtime.linux.ProcessIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a process of an instance whether it lives and what it listens on, again and again until it
 * ends; its successor has checks of its own.
 */
final class ProcessCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessCheck.class);

  /** How often an instance that starts is asked what it listens on. */
  private static final Duration STARTING_CHECK = Duration.ofMillis(20);

  private static final Duration RUNNING_CHECK = Duration.ofSeconds(1);

  /**
   * A running instance is asked what it listens on at every so many checks: the table names all its
   * connections, which is long under load, and only people read the answer.
   */
  private static final int CHECKS_PER_LISTENING = 10;

  private final Workers workers;
  private final Ends ends;
  private final Surroundings surroundings;
  private final Duration settle;
  private final Clock clock;

  /**
   * @param settle how long an instance without a port has to live before it counts as running
   */
  ProcessCheck(
      Workers workers, Ends ends, Surroundings surroundings, Duration settle, Clock clock) {
    this.workers = workers;
    this.ends = ends;
    this.surroundings = surroundings;
    this.settle = settle;
    this.clock = clock;
  }

  /**
   * Begins to look at the process that an instance has now.
   *
   * @param cycle is told what is seen
   */
  void begin(LifeCycle cycle, Supervised instance) {
    instance
        .life()
        .process()
        .ifPresent(
            process -> {
              Readiness readiness =
                  new Readiness(
                      instance.view().getAddress(), instance.spec().getPort(), Ticker.system());
              Look first = new Look(cycle, instance, process, readiness, 0);
              workers.later(STARTING_CHECK, () -> check(first));
            });
  }

  /**
   * A look at a process.
   *
   * @param number of looks since it ran
   */
  private record Look(
      LifeCycle cycle,
      Supervised instance,
      ProcessIdentity process,
      Readiness readiness,
      int number) {
    Look next(boolean starting) {
      return new Look(cycle, instance, process, readiness, starting ? 0 : number + 1);
    }
  }

  private void check(Look look) {
    try {
      take(look);
    } catch (RuntimeException | Error failed) { // or it would never be looked at again
      LOG.atWarn()
          .addKeyValue("instance", look.instance().container())
          .setCause(failed)
          .log("instance not checked, will be tried again");
      workers.later(RUNNING_CHECK, () -> check(look));
    }
  }

  private void take(Look look) {
    Supervised instance = look.instance();
    LifeCycle cycle = look.cycle();
    ProcessIdentity process = look.process();
    Life life = instance.life();
    if (life.process().filter(process::equals).isEmpty()) {
      return;
    }
    boolean starting = life.state() == Instance.State.STARTING;
    Observation.Seen seen = starting ? whileStarting(look) : whileRunning(look, life);
    if (!process.isAlive()) {
      // The monitor's word comes with the exit code; without a monitor this is all there will be.
      Duration wait = ends.isTold(instance) ? Duration.ZERO : RUNNING_CHECK;
      workers.later(wait, () -> cycle.endSeen(instance, process));
      return;
    }
    if (life instanceof Alive.Running) {
      if (surroundings.areWhole(instance)) {
        cycle.surroundingsWhole(instance);
      } else {
        cycle.surroundingsBroken(instance, () -> surroundings.restore(instance, process));
      }
    }
    Runnable again =
        () ->
            workers.later(
                starting ? STARTING_CHECK : RUNNING_CHECK, () -> check(look.next(starting)));
    if (Life.next(life, seen, instance.rules()).life().equals(life)) {
      again.run();
      return;
    }
    // The next look comes after it: news do not gather while the instance is busy.
    cycle.tell(instance, seen, again);
  }

  private Observation.Seen whileStarting(Look look) {
    ListeningSockets sockets = ListeningSockets.of(look.process().pid());
    boolean ready = isReady(look, sockets);
    boolean waits = !ready && look.instance().spec().getPort() > 0;
    String why = waits ? look.readiness().reason(sockets) : "";
    return new Observation.Seen(look.process(), sockets.ports(), why, ready);
  }

  private boolean isReady(Look look, ListeningSockets sockets) {
    if (look.instance().spec().getPort() > 0) {
      return look.readiness().reached(sockets);
    }
    long lived = clock.millis() - look.instance().life().past().startedAtMillis();
    return lived >= settle.toMillis();
  }

  private static Observation.Seen whileRunning(Look look, Life life) {
    boolean asked = look.number() % CHECKS_PER_LISTENING == 0;
    int pid = look.process().pid();
    List<Integer> ports = asked ? ListeningSockets.ports(pid) : life.listening();
    return new Observation.Seen(look.process(), ports, "", true);
  }
}
