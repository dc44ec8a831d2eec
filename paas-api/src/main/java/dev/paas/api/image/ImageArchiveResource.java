package dev.paas.api.image;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.audit.Endings;
import dev.paas.api.image.ImageResource.ImageView;
import dev.paas.api.runtime.ArchiveFormat;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.StoredImage;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images as archives over HTTP: everybody saves what they see, and loads what becomes theirs.
 * Nothing is held in memory but a piece.
 */
@Path("/v1/images/archive")
public final class ImageArchiveResource {

  private final ImageAccess access;
  private final CurrentUser current;
  private final Endings endings;
  private final ImageStore images;
  private final NewNames given;

  ImageArchiveResource(
      ImageAccess access, CurrentUser current, Endings endings, ImageStore images, NewNames given) {
    this.access = access;
    this.current = current;
    this.endings = endings;
    this.images = images;
    this.given = given;
  }

  @GET
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Blocking
  @Needs(Permission.SEE_IMAGES)
  public Multi<byte[]> save(
      @QueryParam("ref") @DefaultValue("") String ref,
      @QueryParam("format") @DefaultValue("docker") String format) {
    ArchiveFormat chosen = ArchiveFormat.parse(format);
    StoredImage image = access.find(ref);
    return images.save(
        image.digest(), chosen, ref.indexOf('@') < 0 ? names(ref, image) : List.of());
  }

  /** What each name led to before the archive: two of its images may have the same name. */
  private static Map<String, String> given(List<StoredImage> loaded) {
    Map<String, String> before = new LinkedHashMap<>();
    loaded.forEach(image -> image.given().forEach(before::putIfAbsent));
    return before;
  }

  /** An image that is asked for by its digest has no name in the archive. */
  private static List<String> names(String ref, StoredImage image) {
    return ref.equals(image.digest()) ? List.of() : List.of(ref);
  }

  @POST
  @Consumes(MediaType.WILDCARD)
  @Needs(Permission.CHANGE_OWN_IMAGES)
  public Response load(@QueryParam("name") @DefaultValue("") String name, InputStream body)
      throws IOException, InterruptedException {
    String owner = access.owner();
    String stored = name.isEmpty() ? "" : access.given(name);
    long entry = current.began("image.load", null, name);
    try {
      List<StoredImage> loaded = images.load(stored, owner, given.room(owner), body);
      given.settle(owner, given(loaded));
      endings.done(entry);
      ImageViewer viewer = access.viewer();
      return Response.status(Response.Status.CREATED)
          .entity(loaded.stream().map(image -> ImageView.of(image, viewer)).toList())
          .build();
    } catch (IOException | InterruptedException cut) {
      endings.failed(entry, null);
      throw cut;
    } catch (RuntimeException failed) {
      endings.failed(entry, failed);
      throw failed;
    }
  }
}
