package dev.paas.api.upload;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.base.name.AppName;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestStreamElementType;

/**
 * Deploys files without git: the body is a tar, plain or by gzip; the answer is what a push would
 * print, one JSON object a line, and at last how it ended.
 */
@Path("/v1/apps/{app}/deploy")
public final class UploadResource {

  private final Apps apps;
  private final CurrentUser current;
  private final Uploads uploads;

  UploadResource(Apps apps, CurrentUser current, Uploads uploads) {
    this.apps = apps;
    this.current = current;
    this.uploads = uploads;
  }

  /**
   * @param rebuild whether the files are built although the same ones have been
   */
  @POST
  @Consumes(MediaType.WILDCARD)
  @Produces("application/x-ndjson")
  @RestStreamElementType("application/json")
  @Blocking
  @Needs(Permission.PUSH)
  public Multi<Object> deploy(
      @PathParam("app") AppName app,
      @QueryParam("rebuild") @DefaultValue("false") boolean rebuild,
      InputStream archive)
      throws IOException {
    apps.require(current, app);
    return Multi.createFrom().publisher(uploads.deploy(app, current.actor(), rebuild, archive));
  }
}
