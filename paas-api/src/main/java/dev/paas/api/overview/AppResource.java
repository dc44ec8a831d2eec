package dev.paas.api.overview;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.app.Destruction;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Apps over HTTP. */
@Path("/v1/apps")
@Consumes(MediaType.APPLICATION_JSON)
public final class AppResource {

  private final Apps apps;
  private final CurrentUser current;
  private final AppViews views;
  private final Destruction destruction;
  private final IdempotentAnswers answers;

  /** What creates an app. */
  public record Create(@Nullable String name) {}

  AppResource(
      Apps apps,
      CurrentUser current,
      AppViews views,
      Destruction destruction,
      IdempotentAnswers answers) {
    this.apps = apps;
    this.current = current;
    this.views = views;
    this.destruction = destruction;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.LIST_APPS)
  public List<AppView> list() {
    return apps.list(current.subject()).stream().map(views::of).toList();
  }

  @POST
  @Needs(Permission.CREATE_APP)
  public Response create(@Nullable Create body) {
    if (body == null || body.name() == null) {
      throw Problem.of(
              Kind.INVALID, "app.bad-name", "An app needs a name", "Send {\"name\": \"shop\"}.")
          .asException();
    }
    AppName name = new AppName(body.name());
    return answers.commit(
        201, () -> views.of(apps.create(current.subject(), current.actor(), name)));
  }

  @GET
  @Path("{app}")
  @Needs(Permission.SEE_APP)
  public AppView get(@PathParam("app") AppName app) {
    return views.of(apps.require(current, app));
  }

  @DELETE
  @Path("{app}")
  @Needs(Permission.DESTROY_APP)
  public void destroy(@PathParam("app") AppName app) {
    destruction.destroy(current.subject(), current.actor(), app);
  }
}
