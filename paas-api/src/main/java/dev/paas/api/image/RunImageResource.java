package dev.paas.api.image;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.image.ImageResource.ImageView;
import dev.paas.api.runtime.PullEvent;
import dev.paas.api.runtime.StoredImage;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** Images to run by hand, over HTTP: pulled when they are missing. */
@Path("/v1/images/runs")
public final class RunImageResource {

  private final ImageAccess access;
  private final CurrentUser current;
  private final RegistryFrames frames;
  private final RunImages runs;
  private final NewNames given;

  /** Which image. */
  public record Wanted(@Nullable String ref) {}

  RunImageResource(
      ImageAccess access,
      CurrentUser current,
      RegistryFrames frames,
      RunImages runs,
      NewNames given) {
    this.access = access;
    this.current = current;
    this.frames = frames;
    this.runs = runs;
    this.given = given;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces("application/x-ndjson")
  @RestStreamElementType("application/json")
  @Blocking
  @Needs(Permission.RUN_IMAGE)
  public Multi<Map<String, Object>> fetch(@Nullable Wanted body) {
    if (body == null || body.ref() == null || body.ref().isEmpty()) {
      throw ImageAccess.noName();
    }
    String ref = body.ref();
    ImageViewer viewer = access.viewer();
    Optional<StoredImage> here = runs.here(ref);
    if (here.isPresent()) {
      return Multi.createFrom().item(Map.of("image", ImageView.of(here.get(), viewer)));
    }
    String owner = access.owner();
    long room = given.room(owner);
    long entry = current.began("image.pull", null, ref);
    return frames.recorded(
        current.user().name(),
        entry,
        runs.pull(current.user(), ref, room, frames.most())
            .map(event -> frame(event, owner, viewer)));
  }

  private Map<String, Object> frame(PullEvent event, String owner, ImageViewer viewer) {
    if (event instanceof PullEvent.Pulled pulled) {
      if (!owner.isEmpty()) {
        given.settle(owner, pulled.image().given());
      }
      return Map.of("image", ImageView.of(pulled.image(), viewer));
    }
    PullEvent.Progress progress = (PullEvent.Progress) event;
    return RegistryFrames.progress(progress.what(), progress.doneBytes(), progress.totalBytes());
  }
}
