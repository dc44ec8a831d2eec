package dev.paas.api.rollback;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;

/** Releases over HTTP. */
@Path("/v1/apps/{app}/releases")
public final class ReleaseResource {

  private final Apps apps;
  private final CurrentUser current;
  private final ReleaseViews releases;

  ReleaseResource(Apps apps, CurrentUser current, ReleaseViews releases) {
    this.apps = apps;
    this.current = current;
    this.releases = releases;
  }

  @GET
  @Needs(Permission.SEE_RELEASES)
  public List<ReleaseViews.ReleaseView> list(@PathParam("app") AppName app) {
    apps.require(current, app);
    return releases.list(app);
  }

  @GET
  @Path("{version}")
  @Needs(Permission.SEE_RELEASES)
  public ReleaseViews.ReleaseView get(
      @PathParam("app") AppName app, @PathParam("version") String version) {
    apps.require(current, app);
    return releases.get(app, ReleaseVersion.parse(version));
  }
}
