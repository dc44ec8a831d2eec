package dev.paas.api.process;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentViews;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.base.name.AppName;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Stops an app's instances over HTTP, and starts again as many as there were. */
@Path("/v1/apps/{app}")
@Consumes(MediaType.APPLICATION_JSON)
public final class StopResource {

  private final Apps apps;
  private final CurrentUser current;
  private final ProcessRequests requests;
  private final DeploymentViews views;
  private final IdempotentAnswers answers;

  /** Which process type; all when it is absent. */
  public record Processes(@Nullable String process) {}

  StopResource(
      Apps apps,
      CurrentUser current,
      ProcessRequests requests,
      DeploymentViews views,
      IdempotentAnswers answers) {
    this.apps = apps;
    this.current = current;
    this.requests = requests;
    this.views = views;
    this.answers = answers;
  }

  @POST
  @Path("stop")
  @Needs(Permission.SCALE)
  public Response stop(@PathParam("app") AppName app, @Nullable Processes body) {
    @Nullable String process = body == null ? null : body.process();
    return answers.commit(
        202,
        () -> {
          apps.require(current, app);
          Deployment asked = requests.stop(app, process, current.user());
          current.did("scale", app, ProcessResource.text(asked));
          return views.of(asked);
        });
  }

  @POST
  @Path("start")
  @Needs(Permission.SCALE)
  public Response start(@PathParam("app") AppName app, @Nullable Processes body) {
    @Nullable String process = body == null ? null : body.process();
    return answers.commit(
        202,
        () -> {
          apps.require(current, app);
          Deployment asked = requests.start(app, process, current.user());
          current.did("scale", app, ProcessResource.text(asked));
          return views.of(asked);
        });
  }
}
