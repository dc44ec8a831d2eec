package dev.paas.api.image;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.audit.Endings;
import dev.paas.api.runtime.ImageSettings;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.StoredImage;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images over HTTP: everybody sees base images and their own; admins change all that is there. */
@Path("/v1/images")
public final class ImageResource {

  private final ImageAccess access;
  private final ImageCatalog catalog;
  private final CurrentUser current;
  private final Endings endings;
  private final ImageStore images;
  private final NewNames given;

  /**
   * An image as the API shows it.
   *
   * @param createdAt null when it became known here by somebody else, whose affair that is
   */
  public record ImageView(
      String digest, List<String> names, long bytes, @Nullable Instant createdAt, int layers) {

    /** As somebody sees it. */
    static ImageView of(StoredImage image, ImageViewer viewer) {
      return new ImageView(
          image.digest(),
          viewer.names(image.names()),
          image.bytes(),
          viewer.mayKnowWhen(image.names()) ? image.createdAt() : null,
          image.layers());
    }

    static ImageView of(StoredImage image) {
      return new ImageView(
          image.digest(), image.names(), image.bytes(), image.createdAt(), image.layers());
    }
  }

  ImageResource(
      ImageAccess access,
      ImageCatalog catalog,
      CurrentUser current,
      Endings endings,
      ImageStore images,
      NewNames given) {
    this.given = given;
    this.access = access;
    this.catalog = catalog;
    this.current = current;
    this.endings = endings;
    this.images = images;
  }

  @GET
  @Needs(Permission.SEE_IMAGES)
  public List<ImageView> list() {
    return catalog.list();
  }

  @POST
  @Path("import")
  @Consumes(MediaType.WILDCARD)
  @Needs(Permission.CHANGE_IMAGES)
  public Response importTar(
      @QueryParam("name") @DefaultValue("") String name,
      @QueryParam("env") List<String> env,
      @QueryParam("cmd") List<String> cmd,
      @QueryParam("entrypoint") List<String> entrypoint,
      @QueryParam("user") @DefaultValue("") String user,
      @QueryParam("workdir") @DefaultValue("") String workdir,
      InputStream body)
      throws IOException, InterruptedException {
    if (name.isEmpty()) {
      throw noName();
    }
    long entry = current.began("image.import", null, name);
    given.keep(name);
    ImageSettings settings = new ImageSettings(env, entrypoint, cmd, user, workdir);
    try {
      StoredImage imported = images.importTar(name, settings, body);
      endings.done(entry);
      return Response.status(Response.Status.CREATED).entity(ImageView.of(imported)).build();
    } catch (IOException | InterruptedException cut) {
      endings.failed(entry, null);
      throw cut;
    } catch (RuntimeException failed) {
      endings.failed(entry, failed);
      throw failed;
    }
  }

  /** What gets which name. */
  public record Tag(@Nullable String ref, @Nullable String name) {}

  @POST
  @Path("tag")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Permission.CHANGE_OWN_IMAGES)
  public ImageView tag(@Nullable Tag body) {
    if (body == null || body.ref() == null || body.name() == null) {
      throw noName();
    }
    StoredImage image = access.find(body.ref());
    String name = access.given(body.name());
    long entry = current.began("image.tag", null, body.name());
    try {
      StoredImage tagged = images.tag(image.digest(), name);
      given.settle(access.owner(), tagged.given());
      endings.done(entry);
      return ImageView.of(tagged, access.viewer());
    } catch (RuntimeException failed) {
      endings.failed(entry, failed);
      throw failed;
    }
  }

  @DELETE
  @Needs(Permission.CHANGE_OWN_IMAGES)
  public void remove(@QueryParam("ref") @DefaultValue("") String ref) {
    String name = access.taken(ref);
    if (catalog.isStack(name)) {
      throw Problem.of(
              Kind.CONFLICT,
              "image.in-use",
              "Every build with a buildpack begins with this image",
              ref,
              "Let the setting build.stack name another image, then remove this one.")
          .asException();
    }
    long entry = current.began("image.remove", null, ref);
    try {
      if (!images.remove(name)) {
        throw ImageAccess.notFound(ref);
      }
      endings.done(entry);
    } catch (RuntimeException failed) {
      endings.failed(entry, failed);
      throw failed;
    }
  }

  private static RuntimeException noName() {
    return Problem.of(
            Kind.INVALID, "image.no-name", "Which image?", "Name it, e.g. debian:bookworm-slim.")
        .asException();
  }
}
