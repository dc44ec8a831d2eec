package dev.paas.api.oneoff;

import dev.paas.api.access.BearerTokens;
import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Refusals;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;

/**
 * Lets users at terminals in. A terminal is no resource of JAX-RS, so that it asks here for what
 * {@code BearerFilter} and {@link Needs} are for requests; NeedsTest walks these methods, too.
 */
@ApplicationScoped
class TerminalDoor {

  private final BearerTokens bearer;
  private final Apps apps;
  private final CurrentUser current;
  private final SessionStarter starter;
  private final TerminalStreams streams;
  private final Refusals refusals;

  TerminalDoor(
      BearerTokens bearer,
      Apps apps,
      CurrentUser current,
      SessionStarter starter,
      TerminalStreams streams,
      Refusals refusals) {
    this.bearer = bearer;
    this.apps = apps;
    this.current = current;
    this.starter = starter;
    this.streams = streams;
    this.refusals = refusals;
  }

  /**
   * A session that somebody may read.
   *
   * @param goesOn when whoever started it hangs up
   * @param position how much of its output they have
   */
  record Joined(String id, boolean goesOn, long position) {}

  /** Says whose terminal it is, before it is opened. */
  @ActivateRequestContext
  @Needs(Permission.RUN_COMMAND)
  String enter(BearerTokens.Request request, AppName app) {
    String user = bearer.enter(request, Permission.RUN_COMMAND).name();
    apps.require(current, app);
    return user;
  }

  /** Starts what the first message asks for, or looks for what it names; the token counts again. */
  @ActivateRequestContext
  @Needs(Permission.RUN_COMMAND)
  Joined begin(BearerTokens.Request request, AppName app, TerminalRequest asked) {
    bearer.enter(request, Permission.RUN_COMMAND);
    try {
      apps.require(current, app);
      String named = asked.session();
      if (named == null) {
        return new Joined(starter.start(app, asked).id(), asked.isDetached(), 0);
      }
      return new Joined(
          streams.there(app, named), false, asked.position() == null ? 0 : asked.position());
    } catch (PaasException refused) {
      refusals.add(
          current.actor(),
          "request.refused",
          app,
          "GET /v1/apps/{app}/terminals",
          refused.problem());
      throw refused;
    }
  }
}
