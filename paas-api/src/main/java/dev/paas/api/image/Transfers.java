package dev.paas.api.image;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Pulls and pushes that are under way. A registry may take as long as it likes, so that each user
 * has a few places of their own.
 */
@ApplicationScoped
class Transfers {

  private final int most;
  private final Duration timeout;
  private final Ticker ticker;

  /** Guarded by itself. */
  private final Map<String, Integer> byUser = new HashMap<>();

  Transfers(PlatformSettings settings, Ticker ticker) {
    this.ticker = ticker;
    this.most = settings.images().atOnce();
    this.timeout = settings.images().timeout();
  }

  /**
   * Counts a transfer from its start until it has ended or nobody listens any more; one too many
   * fails with {@code image.busy}, one that took too long with {@code image.too-slow}.
   */
  <T> Multi<T> counted(String user, Multi<T> transfer) {
    return Multi.createFrom()
        .deferred(
            () -> {
              begin(user);
              long begun = ticker.nanos();
              AtomicBoolean over = new AtomicBoolean();
              return transfer
                  .onFailure(failed -> ticker.since(begun).compareTo(timeout) >= 0)
                  .transform(failed -> tooSlow())
                  .onTermination()
                  .invoke(
                      () -> {
                        if (over.compareAndSet(false, true)) {
                          end(user);
                        }
                      });
            });
  }

  private PaasException tooSlow() {
    return Problem.of(
            Kind.CANCELLED,
            "image.too-slow",
            "The registry took longer than a pull or a push may",
            timeout.toSeconds() + " s",
            "Try again later, or let an admin raise images.timeout.")
        .asException();
  }

  private void begin(String user) {
    synchronized (byUser) {
      if (byUser.getOrDefault(user, 0) >= most) {
        throw Problem.of(
                Kind.BUSY,
                "image.busy",
                "As many pulls and pushes of yours are under way as may be at once",
                Integer.toString(most),
                "Try again when one of them is done.")
            .asException();
      }
      byUser.merge(user, 1, Integer::sum);
    }
  }

  private void end(String user) {
    synchronized (byUser) {
      byUser.compute(user, (name, count) -> count == null || count == 1 ? null : count - 1);
    }
  }
}
