package dev.paas.api.logs;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.app.Followers;
import dev.paas.api.app.UntilDestroyed;
import dev.paas.api.deploy.DeploymentRequests;
import dev.paas.api.http.ProblemView;
import dev.paas.api.scheduler.LogLine;
import dev.paas.api.scheduler.LogQuery;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** The logs of an app's instances over HTTP, one JSON object a line. */
@Path("/v1/apps/{app}/logs")
public final class LogResource {

  /** The most lines of the past that are answered at once. */
  private static final int MAX_TAIL = 10_000;

  /** The process type of one-off runs, which no release has. */
  private static final String ONE_OFF = "run";

  private final Apps apps;
  private final Followers followers;
  private final CurrentUser current;
  private final DeploymentRequests requests;
  private final LogStreams streams;

  /** A line as the API shows it; of the router, it has no release. */
  public record Line(Instant at, String instance, String release, String stream, String text) {

    static Line of(LogLine line) {
      return new Line(
          line.at(),
          line.instance().label(),
          "v" + line.instance().release(),
          line.stderr() ? "stderr" : "stdout",
          line.text());
    }
  }

  /** The last line when there will be no more of the app. */
  public record Farewell(ProblemView problem) {}

  LogResource(
      Apps apps,
      Followers followers,
      CurrentUser current,
      DeploymentRequests requests,
      LogStreams streams) {
    this.apps = apps;
    this.followers = followers;
    this.current = current;
    this.requests = requests;
    this.streams = streams;
  }

  @GET
  @Produces("application/x-ndjson")
  @RestStreamElementType("application/json")
  @Blocking
  @Needs(Permission.SEE_LOGS)
  public Multi<Object> read(
      @PathParam("app") AppName app,
      @QueryParam("tail") @DefaultValue("100") int tail,
      @QueryParam("process") @DefaultValue("") String process,
      @QueryParam("slot") @DefaultValue("0") int slot,
      @QueryParam("follow") @DefaultValue("false") boolean follow) {
    String user = current.user().name();
    apps.require(current, app);
    if (tail < 0 || tail > MAX_TAIL) {
      throw Problem.of(
              Kind.INVALID,
              "logs.bad-tail",
              "So many lines can't be read",
              String.valueOf(tail),
              "Ask for 0 to " + MAX_TAIL + " lines.")
          .asException();
    }
    if (!process.isEmpty() && !process.equals(ONE_OFF)) {
      requests.checkProcess(app, process);
    }
    LogQuery query = new LogQuery(app, process, slot, tail, follow);
    Multi<Object> lines = streams.open(query, user);
    return Multi.createFrom()
        .publisher(
            new UntilDestroyed<>(
                lines, apps, followers, app, new Farewell(ProblemView.of(Apps.destroyed(app)))));
  }
}
