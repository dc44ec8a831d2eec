package dev.paas.api.process;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.base.name.AppName;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** One instance of an app over HTTP. */
@Path("/v1/apps/{app}/instances")
@Consumes(MediaType.APPLICATION_JSON)
public final class InstanceResource {

  private final Apps apps;
  private final CurrentUser current;
  private final InstanceRestarts restarts;
  private final IdempotentAnswers answers;

  /** What is started again. */
  public record Restarted(String instance, String release) {}

  InstanceResource(
      Apps apps, CurrentUser current, InstanceRestarts restarts, IdempotentAnswers answers) {
    this.apps = apps;
    this.current = current;
    this.restarts = restarts;
    this.answers = answers;
  }

  @POST
  @Path("{process}/{slot}/restart")
  @Needs(Permission.RESTART)
  public Response restart(
      @PathParam("app") AppName app,
      @PathParam("process") String process,
      @PathParam("slot") int slot) {
    return answers.commit(
        202,
        () -> {
          apps.require(current, app);
          Restarted restarted = restarts.restart(app, process, slot);
          current.did("restart", app, restarted.instance());
          return restarted;
        });
  }
}
