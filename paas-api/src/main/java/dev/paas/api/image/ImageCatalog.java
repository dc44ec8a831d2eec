package dev.paas.api.image;

import dev.paas.api.build.Builds;
import dev.paas.api.disk.FetchedImages;
import dev.paas.api.image.ImageResource.ImageView;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.StoredImage;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The images of this platform as the caller may see them. */
@ApplicationScoped
class ImageCatalog {

  private final ImageAccess access;
  private final Builds builds;
  private final ImageStore images;
  private final Set<String> stacks;

  ImageCatalog(ImageAccess access, Builds builds, ImageStore images, PlatformSettings settings) {
    this.access = access;
    this.builds = builds;
    this.images = images;
    this.stacks =
        settings.everyStack().stream()
            .map(FetchedImages::full)
            .collect(Collectors.toUnmodifiableSet());
  }

  List<ImageView> list() {
    List<AppName> own = access.apps();
    ImageViewer viewer = access.viewer();
    return images.list().stream().flatMap(image -> view(image, viewer, own).stream()).toList();
  }

  /** Whether the reference names what builds with a buildpack begin with. */
  boolean isStack(String ref) {
    return stacks.contains(FetchedImages.full(ref));
  }

  private Optional<ImageView> view(StoredImage image, ImageViewer viewer, List<AppName> own) {
    if (viewer.all()) {
      return Optional.of(ImageView.of(image));
    }
    List<String> names = viewer.names(image.names());
    if (names.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ImageView(
            image.digest(), names, image.bytes(), created(image, viewer, own), image.layers()));
  }

  private @Nullable Instant created(StoredImage image, ImageViewer viewer, List<AppName> own) {
    boolean built =
        viewer.names(image.names()).stream().anyMatch(name -> ImageViewer.app(name).isPresent());
    return (built ? builds.firstOf(image.digest(), own) : Optional.<Instant>empty())
        .orElse(viewer.mayKnowWhen(image.names()) ? image.createdAt() : null);
  }
}
