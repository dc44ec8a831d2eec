package dev.paas.api.image;

import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.InspectedImage;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;

/** What an image says of itself, over HTTP. */
@Path("/v1/images/details")
public final class ImageDetailsResource {

  private final ImageAccess access;
  private final ImageStore images;

  /** An image with all that its documents say, as the API shows it. */
  public record DetailsView(
      String digest,
      List<String> names,
      long bytes,
      String mediaType,
      long manifestBytes,
      String configDigest,
      long configBytes,
      String created,
      String author,
      String os,
      String architecture,
      InspectedImage.Config config,
      List<InspectedImage.Layer> layers,
      List<InspectedImage.Step> history) {

    static DetailsView of(InspectedImage image, ImageViewer viewer) {
      return new DetailsView(
          image.image().digest(),
          viewer.names(image.image().names()),
          image.image().bytes(),
          image.mediaType(),
          image.manifestBytes(),
          image.configDigest(),
          image.configBytes(),
          image.created(),
          image.author(),
          image.os(),
          image.architecture(),
          image.config(),
          image.layers(),
          image.history());
    }
  }

  ImageDetailsResource(ImageAccess access, ImageStore images) {
    this.access = access;
    this.images = images;
  }

  @GET
  @Needs(Permission.SEE_IMAGES)
  public DetailsView details(@QueryParam("ref") @DefaultValue("") String ref) {
    return DetailsView.of(images.inspect(access.find(ref).digest()), access.viewer());
  }
}
