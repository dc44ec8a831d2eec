package dev.paas.api.building;

import dev.paas.api.app.App;
import dev.paas.api.app.AppGoing;
import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildChanged;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.Builds;
import dev.paas.api.identity.Users;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.reconcile.Work;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The queue of builds: as many at once as there are {@link Places}, one at a time for an app. */
@ApplicationScoped
public class BuildWork implements AutoCloseable, Duties {

  private final Apps apps;
  private final Users users;
  private final Builds builds;
  private final Builder builder;
  private final BaseImageWork images;
  private final BuildOutput output;
  private final Attempts attempts;
  private final int atOnce;
  private final Places places;
  private final Reconciler<AppName> queue;

  /** Until then events are left alone: {@link #start} looks at every build that is open. */
  private volatile boolean begun;

  /** Builds whose pusher has been told that others are before it. */
  private final Set<BuildId> toldToWait = ConcurrentHashMap.newKeySet();

  BuildWork(
      Apps apps,
      Users users,
      Builds builds,
      Builder builder,
      BaseImageWork images,
      BuildOutput output,
      Attempts attempts,
      Ticker ticker,
      PlatformSettings settings) {
    this.apps = apps;
    this.users = users;
    this.builds = builds;
    this.builder = builder;
    this.images = images;
    this.output = output;
    this.attempts = attempts;
    this.atOnce = settings.build().concurrent();
    // One worker more than places: asking for one must not wait for those that build.
    this.queue = new Reconciler<>("build", atOnce + 1, this::reconcile, builder::end, ticker);
    this.places = new Places(atOnce, queue::enqueue);
  }

  /** Goes on with what was open when the control plane stopped. */
  public void start() {
    images.listen(queue::enqueue);
    begun = true;
    attempts
        .poisoned(Work.Kind.BUILD, builds.open().stream().map(Builds::work).toList())
        .forEach(work -> builder.poisoned(new BuildId(work.app(), work.number())));
    queue.enqueueAll(builds.appsWithOpen());
  }

  void changed(@Observes BuildChanged event) {
    if (begun) {
      queue.enqueue(event.id().app());
      images.changed(event.id());
    }
  }

  void going(@Observes AppGoing event) {
    builder.interrupt(event.app());
    images.interrupt(event.app());
    // Last: what followers do when they are told is theirs, and may fail.
    output.wakeAll(event.app());
  }

  /** The runtime is there again. */
  public void retry() {
    queue.enqueueAll(builds.appsWithOpen());
  }

  /**
   * Builds if the app has a place, else asks for one. The place is given back after each build, so
   * that an app with many has to stand in line for each, and after each attempt that could not go
   * on, so that no place is held by something that only waits.
   */
  private Requeue reconcile(AppName app) throws Exception {
    if (!places.holds(app) && !ask(app)) {
      return Requeue.done();
    }
    // A step that throws keeps its place: it is tried again a few times, and then the build ends.
    Requeue answer = builder.reconcile(app);
    places.leave(app);
    return answer;
  }

  /** Whether the app may build now; if not, it waits for images or in the line, or has nothing. */
  private boolean ask(AppName app) throws IOException, InterruptedException {
    Optional<Build> next = builds.oldestOpen(app);
    Optional<App> known = apps.find(app);
    if (next.isEmpty() || known.isEmpty()) {
      places.leave(app);
      images.forget(app);
      toldToWait.removeIf(waiting -> waiting.app().equals(app));
      return false;
    }
    BuildId id = next.get().id();
    if (!images.isReady(next.get())) {
      return false;
    }
    boolean granted =
        places.ask(
            new Places.Claim(app, known.get().owner(), next.get().createdAt()), users.several());
    if (granted) {
      toldToWait.remove(id);
    } else if (toldToWait.add(id)) {
      output.step(id, "Waiting for its turn: " + reason());
    }
    return granted;
  }

  private String reason() {
    String limit = "other builds run, and build.concurrent is " + atOnce;
    return places.share() == atOnce ? limit : limit + ", of which one user gets " + places.share();
  }

  @Override
  public List<Trouble> troubles() {
    return queue.troubles();
  }

  @Override
  public void close() {
    images.close();
    queue.close();
  }
}
