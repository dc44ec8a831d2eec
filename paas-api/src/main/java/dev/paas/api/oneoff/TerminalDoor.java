package dev.paas.api.oneoff;

import dev.paas.api.access.BearerTokens;
import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.access.Subject;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Refusals;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.util.Objects;
import java.util.Optional;

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
   * A session that somebody may read, or a port of an instance that they may connect to.
   *
   * @param own whether it was started here
   * @param goesOn when whoever started it hangs up
   * @param position how much of its output they have
   */
  record Joined(
      String id,
      boolean own,
      boolean goesOn,
      long position,
      Optional<Forward> forward,
      Subject subject,
      Actor actor) {}

  /** A port of an instance. */
  record Forward(InstanceName instance, int port) {}

  /** Says whose terminal it is, before it is opened. */
  @ActivateRequestContext
  @Needs(Permission.RUN_COMMAND)
  String enter(BearerTokens.Request request, AppName app) {
    String user = bearer.enter(request, Permission.RUN_COMMAND).name();
    apps.require(current, app);
    return user;
  }

  static Joined joined(CurrentUser current, String id, boolean own, boolean goesOn, long position) {
    return new Joined(
        id, own, goesOn, position, Optional.empty(), current.subject(), current.actor());
  }

  /** It is cut when its client goes: there is nothing to end. */
  private Joined forwarded(Forward forward) {
    return new Joined("", false, true, 0, Optional.of(forward), current.subject(), current.actor());
  }

  /**
   * Returns when the user of an open terminal may still have it.
   *
   * @throws PaasException {@code access.revoked}, or why not
   */
  @ActivateRequestContext
  @Needs(Permission.RUN_COMMAND)
  void still(AppName app, Joined joined) {
    bearer.enterAgain(joined.subject(), joined.actor(), Permission.RUN_COMMAND);
    apps.require(current, app);
  }

  /** Starts what the first message asks for, or looks for what it names; the token counts again. */
  @ActivateRequestContext
  @Needs(Permission.RUN_COMMAND)
  Joined begin(BearerTokens.Request request, AppName app, TerminalRequest asked) {
    bearer.enter(request, Permission.RUN_COMMAND);
    try {
      apps.require(current, app);
      String named = asked.session();
      Integer port = asked.port();
      if (port != null) {
        String process = Objects.requireNonNull(asked.process());
        return forwarded(new Forward(starter.forwarded(app, process, port), port));
      }
      if (named == null) {
        return joined(current, starter.start(app, asked).id(), true, asked.isDetached(), 0);
      }
      String there = streams.there(app, named);
      current.did("run.attach", app, there);
      return joined(current, there, false, false, asked.position() == null ? 0 : asked.position());
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
