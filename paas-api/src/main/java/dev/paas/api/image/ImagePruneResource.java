package dev.paas.api.image;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.audit.Endings;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;

/** What of one's own images may go, over HTTP: those that were pulled to be run. */
@Path("/v1/images/prune")
public final class ImagePruneResource {

  private final RunImages runs;
  private final CurrentUser current;
  private final Endings endings;

  ImagePruneResource(RunImages runs, CurrentUser current, Endings endings) {
    this.runs = runs;
    this.current = current;
    this.endings = endings;
  }

  /** What would go. */
  @GET
  @Needs(Permission.SEE_IMAGES)
  public List<RunImages.Kept> list() {
    return runs.list();
  }

  /** Answers with what is gone. */
  @POST
  @Needs(Permission.CHANGE_OWN_IMAGES)
  public List<RunImages.Kept> prune() {
    long entry = current.began("image.prune", null, "");
    try {
      List<RunImages.Kept> removed = runs.prune();
      endings.done(entry);
      return removed;
    } catch (RuntimeException failed) {
      endings.failed(entry, failed);
      throw failed;
    }
  }
}
