package dev.paas.api.upload;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts what users do at once, and refuses more than there is room for. */
final class Places {

  private final int inAll;
  private final int ofUser;
  private final Map<String, Integer> taken = new HashMap<>();

  /**
   * @param inAll places there are
   * @param ofUser how many of them one user gets
   */
  Places(int inAll, int ofUser) {
    this.inAll = inAll;
    this.ofUser = ofUser;
  }

  /** A place that is taken until it is given back, once. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a place.
   *
   * @throws dev.paas.base.problem.PaasException {@code upload.busy}
   */
  synchronized Place take(String user) {
    int own = taken.getOrDefault(user, 0);
    if (own >= ofUser) {
      throw busy("As many deploys of yours without git are under way as may be at once", own);
    }
    int all = taken.values().stream().mapToInt(Integer::intValue).sum();
    if (all >= inAll) {
      throw busy("The platform is busy with as many deploys without git as it takes at once", all);
    }
    taken.put(user, own + 1);
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.getAndSet(false)) {
        leave(user);
      }
    };
  }

  private static PaasException busy(String what, int count) {
    return Problem.of(
            Kind.BUSY,
            "upload.busy",
            what,
            Integer.toString(count),
            "Wait until one has ended, then deploy again.")
        .asException();
  }

  private synchronized void leave(String user) {
    taken.compute(user, (same, own) -> own == null || own <= 1 ? null : own - 1);
  }
}
