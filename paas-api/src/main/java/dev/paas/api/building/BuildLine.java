package dev.paas.api.building;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.Builds;
import dev.paas.api.identity.Users;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Decides who builds next: an app's oldest build waits for its images, then in line for one of the
 * {@link Places}. Its pusher is told once why it waits.
 */
@ApplicationScoped
class BuildLine implements AutoCloseable {

  private final Apps apps;
  private final Users users;
  private final Builds builds;
  private final BaseImageWork images;
  private final BuildOutput output;
  private final int atOnce;
  private final Places places;

  /** Builds whose pushers have been told that others come first. */
  private final Set<BuildId> toldToWait = ConcurrentHashMap.newKeySet();

  private volatile Consumer<AppName> moved = app -> {};

  BuildLine(
      Apps apps,
      Users users,
      Builds builds,
      BaseImageWork images,
      BuildOutput output,
      PlatformSettings settings) {
    this.apps = apps;
    this.users = users;
    this.builds = builds;
    this.images = images;
    this.output = output;
    this.atOnce = settings.build().concurrent();
    this.places = new Places(atOnce, app -> moved.accept(app));
  }

  /** How many builds run at once. */
  int atOnce() {
    return atOnce;
  }

  /** Tells the listener, which must not block, of each app that now has a place or its images. */
  void listen(Consumer<AppName> listener) {
    moved = listener;
    images.listen(listener);
  }

  /** Whether the app may build now; if not, it waits for its turn or has nothing to build. */
  boolean ask(AppName app) throws IOException, InterruptedException {
    return places.holds(app) || enter(app);
  }

  private boolean enter(AppName app) throws IOException, InterruptedException {
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
    return places.share() == atOnce
        ? limit
        : limit + ", at most " + places.share() + " of them of one user";
  }

  /** The app gives its place back, or no longer waits for one. */
  void leave(AppName app) {
    places.leave(app);
  }

  /** Stops fetching images; builds that wait go on after the next start. */
  @Override
  public void close() {
    images.close();
  }
}
