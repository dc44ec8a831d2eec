package dev.paas.api.access;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.identity.User;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who makes the request that is being answered. */
@RequestScoped
public class CurrentUser {

  private final Audit audit;
  private @Nullable User user;
  private Actor actor = new Actor("", "", "");

  public CurrentUser(Audit audit) {
    this.audit = audit;
  }

  /**
   * The user whose token the request carries.
   *
   * @throws dev.paas.base.problem.PaasException {@code access.unauthenticated} where a request may
   *     be anonymous and is
   */
  public User user() {
    User known = user;
    if (known == null) {
      throw unauthenticated().asException();
    }
    return known;
  }

  /** The user with the proof and the address, as the audit keeps them. */
  public Actor actor() {
    return actor;
  }

  /** Records in the surrounding commit what it does. */
  public void did(String kind, @Nullable AppName app, String subject) {
    audit.done(actor, kind, app, subject);
  }

  /** Records that something has begun that ends later; the entry for that end. */
  public long began(String kind, @Nullable AppName app, String subject) {
    return audit.begun(actor, kind, app, subject);
  }

  /** Whether there is a user. */
  boolean known() {
    return user != null;
  }

  void is(User authenticated, Actor proved) {
    user = authenticated;
    actor = proved;
  }

  static Problem unauthenticated() {
    return Problem.of(
        Kind.UNAUTHENTICATED,
        "access.unauthenticated",
        "This needs a valid token",
        "Send Authorization: Bearer paas_…; make a token with paas tokens:create or over ssh.");
  }
}
