package dev.paas.api.image;

import dev.paas.api.disk.FetchedImages;
import dev.paas.api.identity.User;
import dev.paas.api.registry.RegistryLogins;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.InspectedImage;
import dev.paas.api.runtime.PullEvent;
import dev.paas.api.runtime.StoredImage;
import dev.paas.api.store.Store;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Images that users run by hand. What is pulled for that is the user's under a name of its own, and
 * goes when nobody has run it for {@code images.run-kept}. A row is there before the image is:
 * after a crash there may be one without an image, never an image that nobody collects.
 */
@ApplicationScoped
public class RunImages {

  private final ImageAccess access;
  private final ImageStore images;
  private final Store store;
  private final Clock clock;
  private final RegistryLogins logins;
  private final Duration kept;
  private final int most;

  /** Held while a name is used or taken away, so that neither sees half of the other. */
  private final Object changing = new Object();

  RunImages(
      ImageAccess access,
      ImageStore images,
      Store store,
      Clock clock,
      RegistryLogins logins,
      PlatformSettings settings) {
    this.logins = logins;
    this.kept = settings.images().runKept();
    this.most = settings.images().runImages();
    this.access = access;
    this.images = images;
    this.store = store;
    this.clock = clock;
  }

  /**
   * An image that was pulled for runs.
   *
   * @param name as its user sees it
   * @param bytes unpacked; other images may have the same layers
   * @param goesAt when it is collected unless it is run before
   */
  public record Kept(String name, long bytes, Instant usedAt, Instant goesAt) {}

  /** The image that the user of the request means, if it need not be pulled. */
  Optional<StoredImage> here(String ref) {
    Optional<StoredImage> found = access.lookUp(ref);
    return found.isPresent() ? found : images.find(RunName.of(access.viewer().user(), ref));
  }

  /**
   * Fetches an image for runs of a user once somebody subscribes.
   *
   * @param room what it may unpack to, in bytes; 0 when nothing limits it
   * @param longest how long it may take
   */
  Multi<PullEvent> pull(User user, String ref, long room, Duration longest) {
    RegistryLogins.Secret secret = logins.of(user, ref);
    ImageStore.RegistryUser known =
        new ImageStore.RegistryUser(secret.username(), secret.password(), access.owner());
    return Multi.createFrom()
        .deferred(() -> images.pull(ref, wanted(user.name(), ref), known, room, longest))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        // Its rows are in the database, which no thread of the connection may wait for.
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .invoke(
            event -> {
              if (event instanceof PullEvent.Pulled) {
                touched(user.name(), RunName.of(user.name(), ref));
              }
            })
        .onFailure()
        .invoke(failed -> missed(user.name(), RunName.of(user.name(), ref)));
  }

  /**
   * Notes that a user wants an image for runs; the longest unused ones go when that is one too
   * many.
   *
   * @return what it is to be called in the store
   */
  private String wanted(String user, String ref) {
    String name = RunName.of(user, ref);
    touched(user, name);
    rows("owner = ?1 order by usedAt desc, name", user).stream()
        .skip(most)
        .forEach(old -> remove(old, clock.instant().plus(kept)));
    return name;
  }

  /** An image could not be pulled: without one of an earlier time, its row goes. */
  private void missed(String user, String name) {
    synchronized (changing) {
      if (images.find(name).isEmpty()) {
        forget(user, name);
      }
    }
  }

  /**
   * The image that the user of the request may run, which counts as used now.
   *
   * @throws PaasException {@code image.not-found}, {@code image.of-app}
   */
  public InspectedImage open(String digest) {
    StoredImage image = access.find(digest);
    ImageViewer viewer = access.viewer();
    List<String> own =
        image.names().stream()
            .map(FetchedImages::full)
            .filter(name -> name.startsWith(RunName.prefix(viewer.user())))
            .toList();
    used(viewer.user(), own);
    requireNoApps(image, viewer, digest);
    return images.inspect(image.digest());
  }

  /** Builds of apps are run beside the app, whose limits and config are theirs. */
  private static void requireNoApps(StoredImage image, ImageViewer viewer, String ref) {
    List<String> names = viewer.names(image.names());
    if (!names.isEmpty() && names.stream().allMatch(name -> ImageViewer.app(name).isPresent())) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "image.of-app",
              "This image is a build of an app",
              ref,
              "Run a command in it with paas run -a APP.")
          .asException();
    }
  }

  /** The name of a pull counts as just used. */
  private void touched(String user, String name) {
    synchronized (changing) {
      store.write(
          () -> {
            if (!touch(user, name)) {
              RunImageRow row = new RunImageRow();
              row.owner = user;
              row.name = name;
              row.usedAt = now();
              row.persist();
            }
          });
    }
  }

  /** Those of these names that are of pulls count as just used; the user may have given others. */
  private void used(String user, List<String> names) {
    if (!names.isEmpty()) {
      synchronized (changing) {
        store.write(
            () -> {
              for (String name : names) {
                var unused = touch(user, name);
              }
            });
      }
    }
  }

  private boolean touch(String user, String name) {
    return RunImageRow.update("usedAt = ?1 where owner = ?2 and name = ?3", now(), user, name) > 0;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Takes a name away, unless it has been used again since. */
  private void remove(RunImageRow old, Instant since) {
    synchronized (changing) {
      boolean unused =
          store.read(
              () ->
                  RunImageRow.count(
                          "owner = ?1 and name = ?2 and usedAt < ?3", old.owner, old.name, since)
                      > 0);
      if (unused) {
        // The row goes last: a crash between leaves one without an image.
        images.remove(old.name);
        forget(old.owner, old.name);
      }
    }
  }

  private void forget(String user, String name) {
    store.write(() -> RunImageRow.delete("owner = ?1 and name = ?2", user, name));
  }

  /** What the user of the request has pulled for runs, the longest unused first. */
  List<Kept> list() {
    return rowsOf(access.viewer().user()).stream().flatMap(row -> kept(row).stream()).toList();
  }

  private Optional<Kept> kept(RunImageRow row) {
    String shown = row.name.substring("users/".length());
    return images
        .find(row.name)
        .map(image -> new Kept(shown, image.bytes(), row.usedAt, row.usedAt.plus(kept)));
  }

  /**
   * Removes all of these, and says what it was. A run that goes on keeps its image until it ends; a
   * pull that is under way goes on.
   */
  List<Kept> prune() {
    List<Kept> removed = new ArrayList<>();
    for (RunImageRow row : rowsOf(access.viewer().user())) {
      kept(row)
          .ifPresent(
              known -> {
                remove(row, row.usedAt.plus(1, ChronoUnit.MICROS));
                removed.add(known);
              });
    }
    return removed;
  }

  /** Removes what nobody has run for long, whoever pulled it. */
  void collect() {
    Instant since = clock.instant().minus(kept);
    rows("usedAt < ?1 order by usedAt, name", since).forEach(row -> remove(row, since));
  }

  private List<RunImageRow> rowsOf(String user) {
    return rows("owner = ?1 order by usedAt, name", user);
  }

  private List<RunImageRow> rows(String query, Object value) {
    return store.read(() -> RunImageRow.list(query, value));
  }
}
