package dev.paas.api.building;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.http.IdempotentAnswers;
import dev.paas.api.http.ProblemView;
import dev.paas.api.identity.User;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
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
  private final Builder builder;
  private final IdempotentAnswers answers;

  /** A build as the API shows it. */
  public record BuildView(
      String id,
      String state,
      String commit,
      @Nullable String image,
      @Nullable ProblemView problem,
      Instant createdAt,
      @Nullable Instant finishedAt) {

    static BuildView of(Build build) {
      BuildState state = build.state();
      return new BuildView(
          String.valueOf(build.id().number()),
          state.shown(),
          build.commit(),
          state instanceof BuildState.Succeeded succeeded ? succeeded.image() : null,
          state instanceof BuildState.Failed failed ? ProblemView.of(failed.problem()) : null,
          build.createdAt(),
          build.finishedAt());
    }
  }

  BuildResource(
      Apps apps,
      CurrentUser current,
      Builds builds,
      BuildOutput output,
      Builder builder,
      IdempotentAnswers answers) {
    this.apps = apps;
    this.current = current;
    this.builds = builds;
    this.output = output;
    this.builder = builder;
    this.answers = answers;
  }

  @GET
  @Needs(Permission.SEE_BUILDS)
  public List<BuildView> list(@PathParam("app") AppName app) {
    apps.require(current, app);
    return builds.list(app).stream().map(BuildView::of).toList();
  }

  @GET
  @Path("{id}/output")
  @Produces(MediaType.TEXT_PLAIN)
  @Blocking
  @Needs(Permission.SEE_BUILDS)
  public Multi<String> output(
      @PathParam("app") AppName app,
      @PathParam("id") String id,
      @QueryParam("follow") @DefaultValue("false") boolean follow) {
    apps.require(current, app);
    BuildId build = new BuildId(app, number(id));
    if (builds.find(build).isEmpty()) {
      throw Builds.notFound(id);
    }
    return Multi.createFrom()
        .publisher(
            new OutputStreaming(
                output, build, follow ? () -> ended(build) : () -> true, () -> farewell(app)));
  }

  /** Why the output ends although the build has not. */
  private String farewell(AppName app) {
    return apps.find(app).isPresent()
        ? ""
        : " !     " + String.join("\n !     ", Apps.destroyed(app).lines()) + "\n";
  }

  /** Ends a build: what runs of it is killed, and its push is declined. */
  @POST
  @Path("{id}/cancel")
  @Needs(Permission.CANCEL_BUILD)
  public Response cancel(@PathParam("app") AppName app, @PathParam("id") String id) {
    User user = current.user();
    BuildId build = new BuildId(app, number(id));
    Response answer =
        answers.commit(
            200,
            () -> {
              apps.require(current, app);
              current.did("build.cancel", app, id);
              Problem why =
                  Problem.of(
                      Kind.IMPOSSIBLE,
                      "build.cancelled",
                      "The build was cancelled",
                      "by " + user.name(),
                      "Push again when it is wanted.");
              return BuildView.of(builds.cancel(build, why));
            });
    builder.interrupt(build);
    return answer;
  }

  private boolean ended(BuildId build) {
    return apps.find(build.app()).isEmpty()
        || builds.find(build).map(known -> known.state().finished()).orElse(true);
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException malformed) {
      throw Builds.notFound(id);
    }
  }
}
