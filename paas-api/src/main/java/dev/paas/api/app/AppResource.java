package dev.paas.api.app;

import dev.paas.api.access.CurrentUser;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Apps over HTTP. */
@Path("/v1/apps")
public final class AppResource {

  private final Apps apps;
  private final CurrentUser current;
  private final AppViews views;

  /** What creates an app. */
  public record Create(@Nullable String name) {}

  public AppResource(Apps apps, CurrentUser current, AppViews views) {
    this.apps = apps;
    this.current = current;
    this.views = views;
  }

  @GET
  public List<AppView> list() {
    return apps.list(current.user()).stream().map(views::of).toList();
  }

  @POST
  public Response create(@Nullable Create body) {
    if (body == null || body.name() == null) {
      throw Problem.of("app.bad-name", "An app needs a name", "Send {\"name\": \"shop\"}.")
          .asException();
    }
    App app = apps.create(current.user(), new AppName(body.name()));
    return Response.status(Response.Status.CREATED).entity(views.of(app)).build();
  }

  @GET
  @Path("{app}")
  public AppView get(@PathParam("app") AppName app) {
    return views.of(apps.find(current.user(), app));
  }
}
