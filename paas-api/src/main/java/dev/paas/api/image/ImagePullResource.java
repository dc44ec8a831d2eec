package dev.paas.api.image;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.image.ImageResource.ImageView;
import dev.paas.api.registry.RegistryLogins;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.PullEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** Images from registries, over HTTP: an admin's are everybody's, a user's are the user's own. */
@Path("/v1/images/pull")
public final class ImagePullResource {

  private final ImageAccess access;
  private final CurrentUser current;
  private final RegistryFrames frames;
  private final ImageStore images;
  private final NewNames given;
  private final RegistryLogins logins;

  /** What to fetch; without a user name, the login of its registry is used. */
  public record Pull(@Nullable String ref, @Nullable String username, @Nullable String password) {

    @Override
    public String toString() {
      return ref + " as " + username + ":***";
    }
  }

  ImagePullResource(
      ImageAccess access,
      CurrentUser current,
      RegistryFrames frames,
      ImageStore images,
      NewNames given,
      RegistryLogins logins) {
    this.access = access;
    this.current = current;
    this.frames = frames;
    this.images = images;
    this.given = given;
    this.logins = logins;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces("application/x-ndjson")
  @RestStreamElementType("application/json")
  @Blocking
  @Needs(Permission.CHANGE_OWN_IMAGES)
  public Multi<Map<String, Object>> pull(@Nullable Pull body) {
    if (body == null || body.ref() == null || body.ref().isEmpty()) {
      throw ImageAccess.noName();
    }
    String ref = body.ref();
    String owner = access.owner();
    ImageViewer viewer = access.viewer();
    long room = given.room(owner);
    RegistryLogins.Secret secret =
        body.username() == null
            ? logins.of(current.user(), ref)
            : new RegistryLogins.Secret(
                body.username(), body.password() == null ? "" : body.password());
    long entry = current.began("image.pull", null, ref);
    if (owner.isEmpty()) {
      given.keep(ref);
    }
    ImageStore.RegistryUser user =
        new ImageStore.RegistryUser(secret.username(), secret.password(), owner);
    return frames.recorded(
        current.user().name(),
        entry,
        images
            .pull(ref, user, room, frames.most())
            // What settles names asks the database.
            .emitOn(Infrastructure.getDefaultWorkerPool())
            .map(event -> frame(event, owner, viewer)));
  }

  private Map<String, Object> frame(PullEvent event, String owner, ImageViewer viewer) {
    if (event instanceof PullEvent.Pulled pulled) {
      given.settle(owner, pulled.image().given());
      return Map.of("image", ImageView.of(pulled.image(), viewer));
    }
    PullEvent.Progress progress = (PullEvent.Progress) event;
    return RegistryFrames.progress(progress.what(), progress.doneBytes(), progress.totalBytes());
  }
}
