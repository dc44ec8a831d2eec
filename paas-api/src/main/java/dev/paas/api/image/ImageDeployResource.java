package dev.paas.api.image;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.api.runtime.StoredImage;
import dev.paas.base.name.AppName;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Deploys an image that is here already; {@code POST /v1/images/pull} brings others. */
@Path("/v1/apps/{app}/deploy/image")
@Consumes(MediaType.APPLICATION_JSON)
public final class ImageDeployResource {

  private final Apps apps;
  private final CurrentUser current;
  private final ImageAccess access;
  private final ForeignImages images;
  private final IdempotentAnswers answers;

  /** What to run. */
  public record Body(@Nullable String ref) {}

  ImageDeployResource(
      Apps apps,
      CurrentUser current,
      ImageAccess access,
      ForeignImages images,
      IdempotentAnswers answers) {
    this.apps = apps;
    this.current = current;
    this.access = access;
    this.images = images;
    this.answers = answers;
  }

  @POST
  @Needs(Permission.PUSH)
  public Response deploy(@PathParam("app") AppName app, @Nullable Body body) {
    apps.require(current, app);
    String ref = body == null || body.ref() == null ? "" : body.ref();
    StoredImage image = access.find(ref);
    ForeignImages.Ready ready = images.prepare(app, image.digest(), ref);
    return answers.commit(
        202,
        () -> {
          apps.require(current, app);
          current.did("deploy.image", app, ref);
          return images.deploy(app, ready, current.user());
        });
  }
}
