package dev.paas.api.app;

import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever waits for something of an app (a push, a log, a run, a deployment) and must hear when the
 * app is being destroyed: what they wait for will not come. Whoever joins looks once more whether
 * the app is there, afterwards. Those who hear of every app observe {@link AppGoing}.
 */
@ApplicationScoped
public class Followers {

  private static final Logger LOG = LoggerFactory.getLogger(Followers.class);

  private final ConcurrentHashMap<AppName, Set<Runnable>> joined = new ConcurrentHashMap<>();
  private final Event<AppGoing> going;

  Followers(Event<AppGoing> going) {
    this.going = going;
  }

  /** Ends the following. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Runs {@code gone} when the app's destruction begins, unless closed before; must not block. */
  public Subscription join(AppName app, Runnable gone) {
    joined.compute(
        app,
        (same, all) -> {
          Set<Runnable> now = all == null ? ConcurrentHashMap.newKeySet() : all;
          now.add(gone);
          return now;
        });
    return () ->
        joined.computeIfPresent(
            app,
            (same, all) -> {
              all.remove(gone);
              return all.isEmpty() ? null : all;
            });
  }

  /** The app's destruction has begun, durably. */
  void tell(AppName app) {
    Set<Runnable> all = joined.remove(app);
    if (all != null) {
      all.forEach(gone -> call(app, gone));
    }
    call(app, () -> going.fire(new AppGoing(app)));
  }

  /** One that fails must not keep the others waiting. */
  private static void call(AppName app, Runnable gone) {
    try {
      gone.run();
    } catch (RuntimeException failed) {
      LOG.atError().addKeyValue("app", app).setCause(failed).log("follower not told");
    }
  }
}
