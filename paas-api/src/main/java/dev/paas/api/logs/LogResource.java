package dev.paas.api.logs;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.app.Followers;
import dev.paas.api.app.UntilDestroyed;
import dev.paas.api.http.ProblemView;
import dev.paas.api.scheduler.LogLine;
import dev.paas.api.scheduler.LogQuery;
import dev.paas.base.name.AppName;
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

/** The log of an app over HTTP, one JSON object a line. */
@Path("/v1/apps/{app}/logs")
public final class LogResource {

  private final Apps apps;
  private final Followers followers;
  private final CurrentUser current;
  private final LogQueries queries;
  private final LogStreams streams;

  /** A line as the API shows it; of the router or the platform, it has no release. */
  public record Line(Instant at, String instance, String release, String stream, String text) {

    /** The stream of what the platform says. */
    static final String PLATFORM = "platform";

    /** Begins what the runtime says itself in an instance's log. */
    private static final String SPEAKER = "paas: ";

    static Line of(LogLine line) {
      boolean own = line.kind() == LogLine.Kind.OUTPUT;
      String printed = line.stderr() ? "stderr" : "stdout";
      String text = line.text();
      return new Line(
          line.at(),
          line.instance().label(),
          "v" + line.instance().release(),
          own ? printed : PLATFORM,
          own || !text.startsWith(SPEAKER) ? text : text.substring(SPEAKER.length()));
    }
  }

  /** The last line when there will be no more of the app. */
  public record Farewell(ProblemView problem) {}

  LogResource(
      Apps apps, Followers followers, CurrentUser current, LogQueries queries, LogStreams streams) {
    this.apps = apps;
    this.followers = followers;
    this.current = current;
    this.queries = queries;
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
      @QueryParam("since") @DefaultValue("") String since,
      @QueryParam("grep") @DefaultValue("") String grep,
      @QueryParam("follow") @DefaultValue("false") boolean follow) {
    String user = current.user().name();
    apps.require(current, app);
    LogQuery query = queries.of(app, process, slot, tail, follow, since, grep);
    Multi<Object> lines = streams.open(query, user);
    return Multi.createFrom()
        .publisher(
            new UntilDestroyed<>(
                lines, apps, followers, app, new Farewell(ProblemView.of(Apps.destroyed(app)))));
  }
}
