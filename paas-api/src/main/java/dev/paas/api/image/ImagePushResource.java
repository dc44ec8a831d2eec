package dev.paas.api.image;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.registry.RegistryLogins;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.runtime.PushEvent;
import dev.paas.api.runtime.StoredImage;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** Images to registries, over HTTP: everybody pushes what they see, with their own logins. */
@Path("/v1/images/push")
public final class ImagePushResource {

  private final ImageAccess access;
  private final CurrentUser current;
  private final RegistryFrames frames;
  private final ImageStore images;
  private final RegistryLogins logins;

  /** What to send where. */
  public record Push(@Nullable String ref, @Nullable String target) {}

  ImagePushResource(
      ImageAccess access,
      CurrentUser current,
      RegistryFrames frames,
      ImageStore images,
      RegistryLogins logins) {
    this.access = access;
    this.current = current;
    this.frames = frames;
    this.images = images;
    this.logins = logins;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces("application/x-ndjson")
  @RestStreamElementType("application/json")
  @Blocking
  @Needs(Permission.CHANGE_OWN_IMAGES)
  public Multi<Map<String, Object>> push(@Nullable Push body) {
    if (body == null || body.ref() == null) {
      throw ImageAccess.noName();
    }
    StoredImage image = access.find(body.ref());
    String target = body.target() == null ? body.ref() : body.target();
    if (!RegistryLogins.namesHost(target)) {
      throw Problem.of(
              Kind.INVALID,
              "image.no-registry",
              "The name says no registry to push to",
              target,
              "Write the whole name, e.g. paas image push shop:1 ghcr.io/ann/shop:1.")
          .asException();
    }
    RegistryLogins.Secret secret = logins.of(current.user(), target);
    long entry = current.began("image.push", null, target);
    ImageStore.RegistryUser user =
        new ImageStore.RegistryUser(secret.username(), secret.password(), access.owner());
    return frames.recorded(
        current.user().name(),
        entry,
        images
            .push(image.digest(), target, user, frames.most())
            .map(event -> frame(event, target)));
  }

  private static Map<String, Object> frame(PushEvent event, String target) {
    if (event instanceof PushEvent.Pushed pushed) {
      return Map.of("pushed", Map.of("name", target, "digest", pushed.digest()));
    }
    PushEvent.Progress progress = (PushEvent.Progress) event;
    return RegistryFrames.progress(progress.what(), progress.doneBytes(), progress.totalBytes());
  }
}
