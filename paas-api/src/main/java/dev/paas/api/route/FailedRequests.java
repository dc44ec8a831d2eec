package dev.paas.api.route;

import dev.paas.base.name.AppName;
import dev.paas.contract.router.Failure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Requests that failed between the router and an app, as the router told them: the newest {@value
 * #KEPT} of each app, in memory. The router's access log has all of them.
 */
@ApplicationScoped
public class FailedRequests {

  static final int KEPT = 100;

  /** Guarded by this. */
  private final Map<AppName, ArrayDeque<FailedRequest>> newest = new HashMap<>();

  private final Map<AppName, Set<Consumer<FailedRequest>>> followers = new ConcurrentHashMap<>();

  /** Ends the following. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  void told(List<Failure> failures) {
    for (Failure sent : failures) {
      FailedRequest failure = FailedRequest.of(sent);
      AppName app = failure.app();
      synchronized (this) {
        ArrayDeque<FailedRequest> kept = newest.computeIfAbsent(app, first -> new ArrayDeque<>());
        if (kept.size() == KEPT) {
          kept.removeFirst();
        }
        kept.addLast(failure);
      }
      followers.getOrDefault(app, Set.of()).forEach(follower -> follower.accept(failure));
    }
  }

  /** The newest, oldest first. */
  public synchronized List<FailedRequest> of(AppName app) {
    return List.copyOf(newest.getOrDefault(app, new ArrayDeque<>()));
  }

  /** Hands every failure that comes from now on to {@code follower}, which must not block. */
  public Subscription follow(AppName app, Consumer<FailedRequest> follower) {
    followers.compute(
        app,
        (same, all) -> {
          Set<Consumer<FailedRequest>> now = all == null ? ConcurrentHashMap.newKeySet() : all;
          now.add(follower);
          return now;
        });
    return () ->
        followers.computeIfPresent(
            app,
            (same, all) -> {
              all.remove(follower);
              return all.isEmpty() ? null : all;
            });
  }

  /** The app is not there any more. */
  synchronized void forget(AppName app) {
    newest.remove(app);
  }
}
