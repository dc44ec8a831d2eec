package dev.paas.api.logs;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/**
 * How many logs each user reads at once. Each takes one of the calls that paas-runtimed serves, as
 * builds and runs do.
 */
@ApplicationScoped
class LogReaders {

  private final int most;

  /** By user. Guarded by itself. */
  private final Map<String, Integer> reading = new HashMap<>();

  LogReaders(PlatformSettings settings) {
    this.most = settings.api().maxLogReaders();
  }

  /**
   * A user begins to read; {@link #leave} must follow.
   *
   * @throws dev.paas.base.problem.PaasException {@code logs.busy}
   */
  void enter(String user) {
    synchronized (reading) {
      int now = reading.getOrDefault(user, 0);
      if (now >= most) {
        throw Problem.of(
                Kind.BUSY,
                "logs.busy",
                "You read many logs already",
                String.valueOf(now),
                "End one of them, then try again.")
            .asException();
      }
      reading.put(user, now + 1);
    }
  }

  void leave(String user) {
    synchronized (reading) {
      reading.computeIfPresent(user, (name, count) -> count > 1 ? count - 1 : null);
    }
  }
}
