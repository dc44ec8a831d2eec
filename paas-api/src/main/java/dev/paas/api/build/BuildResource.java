package dev.paas.api.build;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.app.Apps;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds over HTTP: their states and what they said. */
@Path("/v1/apps/{app}/builds")
public final class BuildResource {

  private final Apps apps;
  private final CurrentUser current;
  private final Builds builds;
  private final BuildOutput output;

  /** A build as the API shows it. */
  public record BuildView(
      String id,
      String state,
      String commit,
      @Nullable String image,
      @Nullable Problem problem,
      Instant createdAt,
      @Nullable Instant finishedAt) {

    static BuildView of(Build build) {
      BuildState state = build.state();
      return new BuildView(
          String.valueOf(build.id().number()),
          state.shown(),
          build.commit(),
          state instanceof BuildState.Succeeded succeeded ? succeeded.image() : null,
          state instanceof BuildState.Failed failed ? failed.problem() : null,
          build.createdAt(),
          build.finishedAt());
    }
  }

  BuildResource(Apps apps, CurrentUser current, Builds builds, BuildOutput output) {
    this.apps = apps;
    this.current = current;
    this.builds = builds;
    this.output = output;
  }

  @GET
  public List<BuildView> list(@PathParam("app") AppName app) {
    apps.find(current.user(), app);
    return builds.list(app).stream().map(BuildView::of).toList();
  }

  @GET
  @Path("{id}/output")
  @Produces(MediaType.TEXT_PLAIN)
  @Blocking
  public Multi<String> output(
      @PathParam("app") AppName app,
      @PathParam("id") String id,
      @QueryParam("follow") @DefaultValue("false") boolean follow) {
    apps.find(current.user(), app);
    BuildId build = new BuildId(app, number(id));
    if (builds.find(build).isEmpty()) {
      throw notFound(id);
    }
    return Multi.createFrom()
        .publisher(new OutputStreaming(output, build, follow ? () -> ended(build) : () -> true));
  }

  private boolean ended(BuildId build) {
    return builds.find(build).map(known -> known.state().finished()).orElse(true);
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException malformed) {
      throw notFound(id);
    }
  }

  private static RuntimeException notFound(String id) {
    return Problem.of(
            "build.not-found", "The app has no such build", id, "See its builds with paas builds.")
        .asException();
  }
}
