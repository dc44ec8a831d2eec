package dev.paas.api.building;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.Builds;
import dev.paas.api.identity.Users;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The queue of builds that images are fetched for before they ask for a place to build, so that a
 * slow registry takes none. What has been fetched is remembered for the app's oldest build only;
 * after a restart it is looked for again.
 */
@ApplicationScoped
class BaseImageWork implements AutoCloseable, Duties {

  private final Apps apps;
  private final Users users;
  private final Builds builds;
  private final BaseImageFetcher fetcher;
  private final Places places;
  private final Reconciler<AppName> queue;

  /** For each app the build that need not wait for an image. */
  private final Map<AppName, BuildId> ready = new ConcurrentHashMap<>();

  private Consumer<AppName> fetched = app -> {};

  BaseImageWork(
      Apps apps,
      Users users,
      Builds builds,
      BaseImageFetcher fetcher,
      Ticker ticker,
      PlatformSettings settings) {
    this.apps = apps;
    this.users = users;
    this.builds = builds;
    this.fetcher = fetcher;
    int atOnce = settings.planning().fetchesAtOnce();
    this.queue = new Reconciler<>("base-image", atOnce, this::fetch, this::giveUp, ticker);
    this.places = new Places(atOnce, queue::enqueue);
  }

  /** Hears of each app whose build need not wait any more. */
  void listen(Consumer<AppName> listener) {
    fetched = listener;
  }

  /** Whether the build can begin; if not, its images are being fetched. */
  boolean isReady(Build build) throws IOException, InterruptedException {
    AppName app = build.id().app();
    if (build.id().equals(ready.get(app))) {
      return true;
    }
    if (fetcher.isMissingAny(build)) {
      queue.enqueue(app);
      return false;
    }
    ready.put(app, build.id());
    return true;
  }

  /** The app has no build that could begin. */
  void forget(AppName app) {
    ready.remove(app);
  }

  private Requeue fetch(AppName app) throws IOException, InterruptedException {
    Optional<Build> next = builds.oldestOpen(app);
    Optional<App> known = apps.find(app);
    if (next.isEmpty() || known.isEmpty() || next.get().id().equals(ready.get(app))) {
      places.leave(app);
      return Requeue.done();
    }
    Places.Claim claim = new Places.Claim(app, known.get().owner(), next.get().createdAt());
    if (!places.holds(app) && !places.ask(claim, users.several())) {
      return Requeue.done();
    }
    try {
      Optional<Requeue> later = fetcher.fetch(next.get());
      if (later.isEmpty()) {
        hand(next.get());
      }
      return later.orElseGet(Requeue::again);
    } finally {
      places.leave(app);
    }
  }

  private void hand(Build build) {
    ready.put(build.id().app(), build.id());
    fetched.accept(build.id().app());
  }

  /** The build fails by what could not be done here, or does without. */
  private boolean giveUp(AppName app, Throwable cause) {
    Optional<Build> next = builds.oldestOpen(app);
    next.ifPresent(this::hand);
    return next.isPresent();
  }

  @Override
  public List<Trouble> troubles() {
    return queue.troubles();
  }

  @Override
  public void close() {
    queue.close();
  }
}
