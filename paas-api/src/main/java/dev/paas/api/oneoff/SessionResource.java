package dev.paas.api.oneoff;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Endings;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.api.scheduler.Session;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The commands of an app that can be attached to, over HTTP. */
@Path("/v1/apps/{app}/runs")
public final class SessionResource {

  private final Apps apps;
  private final CurrentUser current;
  private final Scheduler scheduler;
  private final TerminalStreams streams;
  private final Endings endings;
  private final Duration grace;

  SessionResource(
      Apps apps,
      CurrentUser current,
      Scheduler scheduler,
      TerminalStreams streams,
      Endings endings,
      PlatformSettings settings) {
    this.apps = apps;
    this.current = current;
    this.scheduler = scheduler;
    this.streams = streams;
    this.endings = endings;
    this.grace = settings.deploy().stopGrace();
  }

  /** How a command ended. */
  public record ExitView(int code, String detail) {}

  /**
   * A command that runs, or has ended and is still kept.
   *
   * @param instance its own, or that it runs inside of, e.g. {@code run.1}
   * @param exit null while it runs
   */
  public record SessionView(
      String id,
      String instance,
      boolean exec,
      List<String> command,
      boolean tty,
      Instant startedAt,
      int attached,
      @Nullable ExitView exit) {

    static SessionView of(Session session) {
      return new SessionView(
          session.id(),
          session.instance().label(),
          session.exec(),
          session.argv(),
          session.terminal(),
          session.startedAt(),
          session.attached(),
          session.exit().map(exit -> new ExitView(exit.code(), exit.detail())).orElse(null));
    }
  }

  /** Their commands may hold secrets: a token that may only read does not show them. */
  @GET
  @Needs(Permission.RUN_COMMAND)
  public List<SessionView> list(@PathParam("app") AppName app) {
    apps.require(current, app);
    return scheduler.sessions().list(app).stream().map(SessionView::of).toList();
  }

  /** Answers when the command has ended. */
  @DELETE
  @Path("{id}")
  @Needs(Permission.RUN_COMMAND)
  public void stop(@PathParam("app") AppName app, @PathParam("id") String id) {
    apps.require(current, app);
    String session = streams.there(app, id);
    long entry = current.began("run.stop", app, session);
    try {
      String unused = scheduler.sessions().stop(session, grace).join();
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      endings.failed(entry, cause);
      throw cause instanceof RuntimeException known ? known : failed;
    } catch (RuntimeException | Error failed) {
      endings.failed(entry, failed);
      throw failed;
    }
    endings.done(entry);
    streams.look();
  }
}
