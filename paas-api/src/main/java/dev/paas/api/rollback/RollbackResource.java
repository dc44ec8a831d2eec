package dev.paas.api.rollback;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequests;
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

/** A new release from an old one, over HTTP. */
@Path("/v1/apps/{app}/rollback")
@Consumes(MediaType.APPLICATION_JSON)
public final class RollbackResource {

  private final Apps apps;
  private final CurrentUser current;
  private final DeploymentRequests requests;
  private final DeploymentViews views;
  private final IdempotentAnswers answers;

  /**
   * Which release; the last that served before the current when it is absent. The config vars
   * become that release's unless they are to be kept.
   */
  public record Rollback(@Nullable String to, @Nullable Boolean keepConfig) {}

  RollbackResource(
      Apps apps,
      CurrentUser current,
      DeploymentRequests requests,
      DeploymentViews views,
      IdempotentAnswers answers) {
    this.apps = apps;
    this.current = current;
    this.requests = requests;
    this.views = views;
    this.answers = answers;
  }

  @POST
  @Needs(Permission.ROLL_BACK)
  public Response rollback(@PathParam("app") AppName app, @Nullable Rollback body) {
    @Nullable String to = body == null ? null : body.to();
    boolean keepConfig = body != null && Boolean.TRUE.equals(body.keepConfig());
    return answers.commit(
        202,
        () -> {
          apps.require(current, app);
          Deployment asked = requests.rollback(app, to, keepConfig, current.user());
          current.did("rollback", app, subject(to, keepConfig));
          return views.of(asked);
        });
  }

  private static String subject(@Nullable String to, boolean keepConfig) {
    return (to == null ? "" : to) + (keepConfig ? " (keeps the config vars)" : "");
  }
}
