package dev.paas.api.upload;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.base.name.AppName;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Builds what was deployed last again, and deploys it; answers as {@link UploadResource} does. */
@Path("/v1/apps/{app}/redeploy")
public final class RedeployResource {

  private final Apps apps;
  private final CurrentUser current;
  private final Uploads uploads;

  RedeployResource(Apps apps, CurrentUser current, Uploads uploads) {
    this.apps = apps;
    this.current = current;
    this.uploads = uploads;
  }

  @POST
  @Produces("application/x-ndjson")
  @RestStreamElementType("application/json")
  @Blocking
  @Needs(Permission.PUSH)
  public Multi<Object> redeploy(@PathParam("app") AppName app) throws IOException {
    apps.require(current, app);
    return Multi.createFrom().publisher(uploads.redeploy(app, current.actor()));
  }
}
