package dev.paas.api.process;

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
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Instances over HTTP: what runs, how many, and restarts. */
@Path("/v1/apps/{app}")
@Consumes(MediaType.APPLICATION_JSON)
public final class ProcessResource {

  private final Apps apps;
  private final CurrentUser current;
  private final DeploymentRequests requests;
  private final ProcessList list;
  private final DeploymentViews views;
  private final IdempotentAnswers answers;

  /** How many of which. */
  public record Scale(@Nullable Map<String, @Nullable Long> processes) {}

  /** Which process type; all when it is absent. */
  public record Restart(@Nullable String process) {}

  ProcessResource(
      Apps apps,
      CurrentUser current,
      DeploymentRequests requests,
      ProcessList list,
      DeploymentViews views,
      IdempotentAnswers answers) {
    this.apps = apps;
    this.current = current;
    this.requests = requests;
    this.list = list;
    this.views = views;
    this.answers = answers;
  }

  @GET
  @Path("ps")
  @Needs(Permission.SEE_INSTANCES)
  public ProcessList.Ps ps(@PathParam("app") AppName app) {
    apps.require(current, app);
    return list.of(app);
  }

  @POST
  @Path("scale")
  @Needs(Permission.SCALE)
  public Response scale(@PathParam("app") AppName app, @Nullable Scale body) {
    Map<String, Integer> wanted = new TreeMap<>();
    if (body != null && body.processes() != null) {
      body.processes().forEach((process, n) -> wanted.put(process, n == null ? -1 : bounded(n)));
    }
    return answers.commit(
        202,
        () -> {
          apps.require(current, app);
          Deployment asked = requests.scale(app, wanted, current.user());
          current.did("scale", app, text(wanted));
          return views.of(asked);
        });
  }

  private static String text(Map<String, Integer> wanted) {
    return wanted.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  /** Beyond an int it is refused like any other number that is too large. */
  private static int bounded(long n) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(n, Integer.MAX_VALUE));
  }

  @POST
  @Path("restart")
  @Needs(Permission.RESTART)
  public Response restart(@PathParam("app") AppName app, @Nullable Restart body) {
    @Nullable String process = body == null ? null : body.process();
    return answers.commit(
        202,
        () -> {
          apps.require(current, app);
          Deployment asked = requests.restart(app, process, current.user());
          current.did("restart", app, process == null ? "" : process);
          return views.of(asked);
        });
  }
}
