package dev.paas.api.building;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.identity.Users;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Fetches the images that builds begin with before they ask for a place to build, so that a slow
 * registry takes none. What it has fetched it remembers for the app's oldest build only; after a
 * restart it looks again. An image that can't be had ends the build.
 */
@ApplicationScoped
class BaseImageWork implements AutoCloseable, Duties {

  private final Apps apps;
  private final Users users;
  private final Builds builds;
  private final Planning planning;
  private final BuildImages images;
  private final BuildOutput output;
  private final Attempts attempts;
  private final Places places;
  private final Reconciler<AppName> queue;

  /** How soon work asks again whether it is its turn. */
  private static final Duration TURN = Duration.ofMillis(200);

  /** For each app the build that need not wait for an image. */
  private final Map<AppName, BuildId> ready = new ConcurrentHashMap<>();

  /** What is being fetched. */
  private final Map<AppName, Fetch> fetches = new ConcurrentHashMap<>();

  private Consumer<AppName> fetched = app -> {};

  private record Fetch(BuildId build, CancellableContext calls) {}

  BaseImageWork(
      Apps apps,
      Users users,
      Builds builds,
      Planning planning,
      BuildImages images,
      BuildOutput output,
      Attempts attempts,
      Ticker ticker,
      PlatformSettings settings) {
    this.apps = apps;
    this.users = users;
    this.builds = builds;
    this.planning = planning;
    this.images = images;
    this.output = output;
    this.attempts = attempts;
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
    if (names(build).stream().anyMatch(images::isMissing)) {
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

  private Set<String> names(Build build) throws IOException, InterruptedException {
    try {
      return planning.images(build.id().app(), build.commit());
    } catch (PaasException mistake) {
      return Set.of(); // the build says it
    }
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
      return fetchInterruptibly(next.get());
    } finally {
      places.leave(app);
    }
  }

  /** Does so until {@link #interrupt} ends what it asks of the runtime. */
  private Requeue fetchInterruptibly(Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    Fetch fetch = new Fetch(id, Context.current().withCancellation());
    fetches.put(id.app(), fetch);
    Context before = fetch.calls().attach();
    try {
      return isWanted(id) ? fetch(build) : Requeue.again(); // asked after it can be interrupted
    } finally {
      fetch.calls().detach(before);
      fetch.calls().cancel(null);
      fetches.remove(id.app(), fetch);
    }
  }

  private boolean isWanted(BuildId id) {
    return apps.find(id.app()).isPresent()
        && builds.find(id).map(known -> !known.state().finished()).orElse(false);
  }

  /** A build has changed: what is fetched for one that has ended is not wanted any more. */
  void changed(BuildId id) {
    Fetch fetch = fetches.get(id.app());
    if (fetch != null && fetch.build().equals(id) && !isWanted(id)) {
      fetch.calls().cancel(null);
    }
  }

  /** The app is being destroyed. */
  void interrupt(AppName app) {
    Fetch fetch = fetches.get(app);
    if (fetch != null) {
      fetch.calls().cancel(null);
    }
  }

  private Requeue fetch(Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    if (!attempts.take(Builds.work(id))) {
      return Requeue.after(TURN);
    }
    if (attempts.isPoisoned(Builds.work(id))) {
      builds.enter(id, new BuildState.Failed(Builder.poison(id)));
      return Requeue.again();
    }
    attempts.begin(Builds.work(id));
    return fetchAll(build);
  }

  private Requeue fetchAll(Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    for (String name : names(build)) {
      if (images.isMissing(name)) {
        output.step(id, "Fetching " + name);
        try {
          var unused = images.fetched(id.app(), name);
        } catch (PaasException failed) {
          if (Thread.interrupted()) {
            throw new InterruptedException("stopping");
          }
          if (!isWanted(id)) {
            return Requeue.again();
          }
          if (Outage.ofRuntime(failed)) {
            attempts.lost(Builds.work(id));
            return Requeue.backoff();
          }
          builds.enter(
              id, new BuildState.Failed(planning.placed(id.app(), build.commit(), name, failed)));
          return Requeue.again();
        }
      }
    }
    attempts.rest(Builds.work(id)); // from here on it waits for a place to build
    hand(build);
    return Requeue.again();
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
