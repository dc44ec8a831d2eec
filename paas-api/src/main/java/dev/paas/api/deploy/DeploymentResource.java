package dev.paas.api.deploy;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.time.Ticker;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.util.Objects;

/** Deployments over HTTP: their state, and the wait for the next one, which holds no thread. */
@Path("/v1/apps/{app}/deployments")
public final class DeploymentResource {

  /** The longest wait, in seconds; the client asks again. */
  private static final int MAX_WAIT = 60;

  private final Apps apps;
  private final CurrentUser current;
  private final DeploymentViews views;
  private final Ticker ticker;

  DeploymentResource(Apps apps, CurrentUser current, DeploymentViews views, Ticker ticker) {
    this.apps = apps;
    this.current = current;
    this.views = views;
    this.ticker = ticker;
  }

  @GET
  @Path("{id}")
  @Blocking
  @Needs(Permission.SEE_DEPLOYMENTS)
  public Uni<DeploymentView> get(
      @PathParam("app") AppName app,
      @PathParam("id") String id,
      @QueryParam("wait") @DefaultValue("0") int wait) {
    apps.require(current, app);
    long number = number(id);
    DeploymentViews.Change change = views.next(app);
    if (apps.find(app).isEmpty()) {
      views.forget(app, change);
      throw Apps.destroyed(app).asException();
    }
    DeploymentView now = views.view(app, number);
    if (wait <= 0 || now.finishedAt() != null) {
      views.forget(app, change);
      return Uni.createFrom().item(now);
    }
    return wait(app, number, now, change, Duration.ofSeconds(Math.min(wait, MAX_WAIT)));
  }

  private Uni<DeploymentView> wait(
      AppName app, long id, DeploymentView before, DeploymentViews.Change change, Duration left) {
    long start = ticker.nanos();
    return Uni.createFrom()
        .completionStage(change.happened())
        .ifNoItem()
        .after(left)
        .recoverWithItem(false)
        .onTermination()
        .invoke(() -> views.forget(app, change))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .chain(
            changed -> {
              if (apps.find(app).isEmpty()) {
                throw Apps.destroyed(app).asException();
              }
              DeploymentViews.Change next = views.next(app);
              DeploymentView now = views.view(app, id);
              Duration rest = left.minus(ticker.since(start));
              if (changed && same(before, now) && rest.toMillis() > 0) {
                // Another deployment of the app changed.
                return wait(app, id, before, next, rest);
              }
              views.forget(app, next);
              return Uni.createFrom().item(now);
            });
  }

  private static boolean same(DeploymentView a, DeploymentView b) {
    return a.state().equals(b.state())
        && Objects.equals(a.waitingFor(), b.waitingFor())
        && Objects.equals(a.release(), b.release());
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException malformed) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "deploy.not-found",
              "The app has no such deployment",
              id,
              "Use the id that the change was answered with.")
          .asException(malformed);
    }
  }
}
