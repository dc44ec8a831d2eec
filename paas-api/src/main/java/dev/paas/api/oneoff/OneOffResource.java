package dev.paas.api.oneoff;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Endings;
import dev.paas.api.http.ProblemView;
import dev.paas.api.scheduler.Attachment;
import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Run.Ended;
import dev.paas.api.scheduler.Run.Event;
import dev.paas.api.scheduler.Run.Output;
import dev.paas.api.scheduler.Run.Started;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** One-off runs over HTTP. */
@Path("/v1/apps/{app}/runs")
public final class OneOffResource {

  /** Read from stdin at once, in bytes. */
  private static final int CHUNK = 16 << 10;

  private static final int MAX_SIGNAL = 31;

  private final Apps apps;
  private final CurrentUser current;
  private final Endings endings;
  private final OneOffs runs;
  private final SessionStarter starter;
  private final TerminalStreams streams;

  /**
   * What to run.
   *
   * @param detach whether it starts at once and goes on without a reader
   */
  public record Run(
      @Nullable List<String> command,
      @Nullable Map<String, String> env,
      @Nullable Boolean detach) {}

  /** Where to find it. */
  public record Created(String id) {}

  /** Which signal, by its number. */
  public record Signal(int signal) {}

  OneOffResource(
      Apps apps,
      CurrentUser current,
      Endings endings,
      OneOffs runs,
      SessionStarter starter,
      TerminalStreams streams) {
    this.apps = apps;
    this.current = current;
    this.endings = endings;
    this.runs = runs;
    this.starter = starter;
    this.streams = streams;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Permission.RUN_COMMAND)
  public Response create(@PathParam("app") AppName app, @Nullable Run body) {
    apps.require(current, app);
    Run asked = body == null ? new Run(null, null, null) : body;
    Map<String, String> env = asked.env() == null ? Map.of() : asked.env();
    String id =
        Boolean.TRUE.equals(asked.detach())
            ? starter.start(app, TerminalRequest.detached(asked.command(), env)).id()
            : starter.waiting(app, asked.command(), env);
    return Response.status(Response.Status.CREATED).entity(new Created(id)).build();
  }

  @GET
  @Path("{id}/output")
  @Produces("application/x-ndjson")
  @RestStreamElementType("application/json")
  @Blocking
  @Needs(Permission.RUN_COMMAND)
  public Multi<Map<String, Object>> output(
      @PathParam("app") AppName app, @PathParam("id") String id) {
    apps.require(current, app);
    Map<String, Object> farewell = Map.of("problem", ProblemView.of(Apps.destroyed(app)));
    if (runs.find(id).isEmpty()) {
      return Multi.createFrom()
          .publisher(
              streams.events(
                  app,
                  streams.there(app, id),
                  streams.attach(id, 0),
                  OneOffResource::frame,
                  farewell))
          .filter(frame -> !frame.isEmpty());
    }
    OneOff run = find(app, id);
    Multi<Map<String, Object>> frames =
        Multi.createFrom()
            .publisher(run.run())
            .invoke(event -> note(run, event))
            .onCompletion()
            .invoke(() -> endings.done(run.entry()))
            .onFailure()
            .invoke(failed -> endings.failed(run.entry(), failed))
            .onCancellation()
            .invoke(() -> endings.failed(run.entry(), null))
            .filter(event -> !(event instanceof Started))
            .map(OneOffResource::frame)
            .onTermination()
            .invoke(() -> runs.remove(id));
    return Multi.createFrom().publisher(streams.untilDestroyed(app, frames, farewell));
  }

  private void note(OneOff run, Event event) {
    if (event instanceof Ended ended) {
      endings.exited(run.entry(), ended.exit().code());
    }
  }

  private static Map<String, Object> frame(Event event) {
    if (event instanceof Output output) {
      return output(output.bytes(), output.stderr());
    }
    return event instanceof Ended ended ? exit(ended.exit()) : Map.of();
  }

  /** Empty for what a reader of the output alone need not know. */
  private static Map<String, Object> frame(Attachment.Event event) {
    if (event instanceof Attachment.Output output) {
      return output(output.bytes(), output.stderr());
    }
    if (event instanceof Attachment.Dropped dropped) {
      return Map.of("dropped", dropped.bytes());
    }
    return event instanceof Attachment.Ended ended ? exit(ended.exit()) : Map.of();
  }

  private static Map<String, Object> output(byte[] bytes, boolean stderr) {
    return Map.of(stderr ? "stderr" : "stdout", base64(bytes));
  }

  private static Map<String, Object> exit(Exit exit) {
    return Map.of("exit", exit.code(), "detail", exit.detail());
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @POST
  @Path("{id}/stdin")
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Needs(Permission.RUN_COMMAND)
  public void stdin(@PathParam("app") AppName app, @PathParam("id") String id, InputStream body)
      throws IOException {
    OneOff run = find(app, id);
    byte[] buffer = new byte[CHUNK];
    int read = next(body, buffer);
    while (read >= 0) {
      if (read > 0 && !run.run().stdin(buffer, read)) {
        return;
      }
      read = next(body, buffer);
    }
    // Nobody reads it any more when this is false, which is no error of the sender's.
    var unused = run.run().stdinClosed();
  }

  /** Whoever hangs up in the middle of the input has ended it. */
  private static int next(InputStream body, byte[] buffer) {
    try {
      return body.read(buffer);
    } catch (IOException hungUp) {
      return -1;
    }
  }

  @POST
  @Path("{id}/signal")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Permission.RUN_COMMAND)
  public void signal(
      @PathParam("app") AppName app, @PathParam("id") String id, @Nullable Signal body)
      throws IOException {
    apps.require(current, app);
    if (body == null || body.signal() < 1 || body.signal() > MAX_SIGNAL) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "run.bad-signal",
              "This is not a signal",
              body == null ? "" : String.valueOf(body.signal()),
              "Send its number, e.g. 2 for SIGINT.")
          .asException();
    }
    if (runs.find(id).isPresent()) {
      var unused = find(app, id).run().signal(body.signal());
    } else {
      streams.signal(streams.there(app, id), body.signal());
    }
  }

  private OneOff find(AppName app, String id) {
    apps.require(current, app);
    return runs.find(id)
        .filter(run -> run.app().equals(app) && run.user().equals(current.user().name()))
        .orElseThrow(() -> TerminalStreams.notFound(id).asException());
  }
}
