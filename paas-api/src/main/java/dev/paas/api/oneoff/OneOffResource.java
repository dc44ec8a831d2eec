package dev.paas.api.oneoff;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.app.Followers;
import dev.paas.api.app.UntilDestroyed;
import dev.paas.api.audit.Endings;
import dev.paas.api.http.ProblemView;
import dev.paas.api.scheduler.Run.Ended;
import dev.paas.api.scheduler.Run.Event;
import dev.paas.api.scheduler.Run.Output;
import dev.paas.api.scheduler.Run.Started;
import dev.paas.api.scheduler.Scheduler;
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
  private final Followers followers;
  private final CurrentUser current;
  private final Endings endings;
  private final OneOffSpecs specs;
  private final OneOffs runs;
  private final Scheduler scheduler;

  /** What to run. */
  public record Run(@Nullable List<String> command, @Nullable Map<String, String> env) {}

  /** Where to find it. */
  public record Created(String id) {}

  /** Which signal, by its number. */
  public record Signal(int signal) {}

  OneOffResource(
      Apps apps,
      Followers followers,
      CurrentUser current,
      Endings endings,
      OneOffSpecs specs,
      OneOffs runs,
      Scheduler scheduler) {
    this.apps = apps;
    this.followers = followers;
    this.current = current;
    this.endings = endings;
    this.specs = specs;
    this.runs = runs;
    this.scheduler = scheduler;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Permission.RUN_COMMAND)
  public Response create(@PathParam("app") AppName app, @Nullable Run body) {
    apps.require(current, app);
    if (body == null || body.command() == null || body.command().isEmpty()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "run.no-command",
              "Which command?",
              "Write it after the app: paas run -- ls -l.")
          .asException();
    }
    for (String word : body.command()) {
      if (word.indexOf('\0') >= 0) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "run.bad-argument",
                "An argument can't contain a NUL character",
                word,
                "Take the NUL out; a program can read such bytes from its input.")
            .asException();
      }
    }
    Map<String, String> extra = body.env() == null ? Map.of() : body.env();
    OneOff run =
        new OneOff(app, current.user().name(), scheduler.run(specs.of(app, body.command(), extra)));
    // The program alone: what follows it may be secret.
    String program = body.command().get(0);
    String id = runs.add(run, () -> run.recorded(current.began("run", app, program)));
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
    return Multi.createFrom()
        .publisher(
            new UntilDestroyed<>(
                frames,
                apps,
                followers,
                app,
                Map.of("problem", ProblemView.of(Apps.destroyed(app)))));
  }

  private void note(OneOff run, Event event) {
    if (event instanceof Ended ended) {
      endings.exited(run.entry(), ended.exit().code());
    }
  }

  private static Map<String, Object> frame(Event event) {
    if (event instanceof Output output) {
      return Map.of(output.stderr() ? "stderr" : "stdout", base64(output.bytes()));
    }
    return event instanceof Ended ended
        ? Map.of("exit", ended.exit().code(), "detail", ended.exit().detail())
        : Map.of();
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
    OneOff run = find(app, id);
    if (body == null || body.signal() < 1 || body.signal() > MAX_SIGNAL) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "run.bad-signal",
              "This is not a signal",
              body == null ? "" : String.valueOf(body.signal()),
              "Send its number, e.g. 2 for SIGINT.")
          .asException();
    }
    var unused = run.run().signal(body.signal());
  }

  private OneOff find(AppName app, String id) {
    apps.require(current, app);
    return runs.find(id)
        .filter(run -> run.app().equals(app) && run.user().equals(current.user().name()))
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.NOT_FOUND,
                        "run.not-found",
                        "There is no such run, or it is over",
                        id,
                        "Start another.")
                    .asException());
  }
}
