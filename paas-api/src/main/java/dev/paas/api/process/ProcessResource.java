package dev.paas.api.process;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentViews;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Instances over HTTP: what runs, how many, and restarts. */
@Path("/v1/apps/{app}")
@Consumes(MediaType.APPLICATION_JSON)
public final class ProcessResource {

  private final Apps apps;
  private final CurrentUser current;
  private final ProcessRequests requests;
  private final ProcessList list;
  private final DeploymentViews views;
  private final IdempotentAnswers answers;

  /** How many of which: exactly, or more and fewer than there are. */
  public record Scale(
      @Nullable Map<String, @Nullable Long> processes,
      @Nullable Map<String, @Nullable Long> changes) {}

  /** Which process type; all when it is absent. */
  public record Restart(@Nullable String process) {}

  ProcessResource(
      Apps apps,
      CurrentUser current,
      ProcessRequests requests,
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
    SortedMap<String, Long> exact = quantities(body == null ? null : body.processes(), -1);
    SortedMap<String, Long> changes = quantities(body == null ? null : body.changes(), 0);
    checkOnce(exact, changes);
    return answers.commit(
        202,
        () -> {
          apps.require(current, app);
          Deployment asked = requests.scale(app, exact, changes, current.user());
          current.did("scale", app, text(asked));
          return views.of(asked);
        });
  }

  private static void checkOnce(SortedMap<String, Long> exact, SortedMap<String, Long> changes) {
    for (String process : changes.keySet()) {
      if (exact.containsKey(process)) {
        throw Problem.of(
                Kind.INVALID,
                "scale.twice",
                "A process type is named twice",
                process,
                "Name each process type once.")
            .asException();
      }
    }
  }

  /**
   * @param unsaid in the place of a null: a quantity of -1 is refused, a change by 0 is none
   */
  private static SortedMap<String, Long> quantities(
      @Nullable Map<String, @Nullable Long> sent, long unsaid) {
    SortedMap<String, Long> quantities = new TreeMap<>();
    if (sent != null) {
      sent.forEach((process, n) -> quantities.put(process, n == null ? Long.valueOf(unsaid) : n));
    }
    return quantities;
  }

  /** What the audit says of a scale. */
  static String text(Deployment asked) {
    return asked.request() instanceof DeploymentRequest.Scale scale
        ? scale.processes().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" "))
        : "";
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
