package dev.paas.api.oneoff;

import dev.paas.api.access.BearerTokens;
import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Needs;
import dev.paas.api.access.Permission;
import dev.paas.api.audit.Refusals;
import dev.paas.base.name.AppName;
import dev.paas.base.name.PersonalApp;
import dev.paas.base.problem.PaasException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;

/** Lets users in at terminals of images, which are of no app: what runs there is the user's own. */
@ApplicationScoped
class ImageDoor {

  private final BearerTokens bearer;
  private final CurrentUser current;
  private final SessionStarter starter;
  private final Refusals refusals;

  ImageDoor(BearerTokens bearer, CurrentUser current, SessionStarter starter, Refusals refusals) {
    this.bearer = bearer;
    this.current = current;
    this.starter = starter;
    this.refusals = refusals;
  }

  /** Says whose terminal it is, before it is opened. */
  @ActivateRequestContext
  @Needs(Permission.RUN_IMAGE)
  String enter(BearerTokens.Request request) {
    return bearer.enter(request, Permission.RUN_IMAGE).name();
  }

  /** Starts what the first message asks for; the token counts again. */
  @ActivateRequestContext
  @Needs(Permission.RUN_IMAGE)
  TerminalDoor.Joined begin(BearerTokens.Request request, TerminalRequest asked) {
    bearer.enter(request, Permission.RUN_IMAGE);
    AppName own = PersonalApp.of(current.user().name());
    try {
      return TerminalDoor.joined(current, starter.start(own, asked).id(), true, false, 0);
    } catch (PaasException refused) {
      refusals.add(
          current.actor(), "request.refused", null, "GET /v1/terminals", refused.problem());
      throw refused;
    }
  }

  /**
   * Returns when the user of an open terminal may still have it.
   *
   * @throws PaasException {@code access.revoked}, or why not
   */
  @ActivateRequestContext
  @Needs(Permission.RUN_IMAGE)
  void still(TerminalDoor.Joined joined) {
    bearer.enterAgain(joined.subject(), joined.actor(), Permission.RUN_IMAGE);
  }
}
