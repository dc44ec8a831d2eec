package dev.paas.api.image;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Decision;
import dev.paas.api.access.Permission;
import dev.paas.api.access.Policy;
import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.disk.FetchedImages;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.StoredImage;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which images the user of the request may see, and which names they may give and take. */
@ApplicationScoped
class ImageAccess {

  private final Apps apps;
  private final CurrentUser current;
  private final ImageStore images;

  ImageAccess(Apps apps, CurrentUser current, ImageStore images) {
    this.apps = apps;
    this.current = current;
    this.images = images;
  }

  /** The apps that are open to the user. */
  List<AppName> apps() {
    return apps.list(current.subject()).stream().map(App::name).toList();
  }

  ImageViewer viewer() {
    return new ImageViewer(
        current.may(Permission.SEE_ALL_IMAGES),
        current.user().name(),
        apps().stream().map(AppName::value).collect(Collectors.toSet()));
  }

  /** Whose images new ones become; empty for an admin's, who names them freely. */
  String owner() {
    return current.may(Permission.CHANGE_IMAGES) ? "" : current.user().name();
  }

  /**
   * The image that the user means.
   *
   * @throws dev.paas.base.problem.PaasException {@code image.not-found}, also for one that is not
   *     open to them
   */
  StoredImage find(String ref) {
    return lookUp(ref).orElseThrow(() -> notFound(ref));
  }

  /** The same; nothing when there is none. */
  Optional<StoredImage> lookUp(String ref) {
    if (ref.isEmpty()) {
      throw noName();
    }
    ImageViewer viewer = viewer();
    String stored = viewer.stored(ref);
    Optional<StoredImage> found = images.find(stored);
    if (found.isPresent()) {
      List<String> open = viewer.names(found.get().names());
      String wanted = FetchedImages.full(stored);
      boolean named =
          open.stream().anyMatch(name -> FetchedImages.full(viewer.stored(name)).equals(wanted));
      boolean byDigest = found.get().digest().equals(ref) && (viewer.all() || !open.isEmpty());
      if (named || byDigest) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * The name that an image is to get, as the store has it.
   *
   * @throws dev.paas.base.problem.PaasException {@code image.not-yours}
   */
  String given(String name) {
    if (name.isEmpty()) {
      throw noName();
    }
    ImageViewer viewer = viewer();
    if (owner().isEmpty() || viewer.owns(name)) {
      return viewer.stored(name);
    }
    if (name.indexOf('/') < 0) {
      return viewer.stored(viewer.user() + "/" + name);
    }
    throw Problem.of(
            Kind.FORBIDDEN,
            "image.not-yours",
            "The names of your images begin with " + viewer.user() + "/",
            name,
            "Write " + viewer.user() + "/ before a name of your choice.")
        .asException();
  }

  /**
   * The name that is to be taken away, as the store has it.
   *
   * @throws dev.paas.base.problem.PaasException {@code access.forbidden}
   */
  String taken(String name) {
    if (name.isEmpty()) {
      throw noName();
    }
    ImageViewer viewer = viewer();
    if (!owner().isEmpty() && !viewer.owns(name)) {
      throw Policy.refusal(Decision.FORBIDDEN, Permission.CHANGE_IMAGES, name).asException();
    }
    return viewer.stored(name);
  }

  static RuntimeException notFound(String ref) {
    return Problem.of(
            Kind.NOT_FOUND,
            "image.not-found",
            "There is no image of this name",
            ref,
            "See the images with paas image ls.")
        .asException();
  }

  static RuntimeException noName() {
    return Problem.of(
            Kind.INVALID, "image.no-name", "Which image?", "Name it, e.g. debian:bookworm-slim.")
        .asException();
  }
}
