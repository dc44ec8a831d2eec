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
  private final Policy policy;
  private @Nullable Subject subject;
  private @Nullable Permission permission;
  private Actor actor = new Actor("", "", "");

  public CurrentUser(Audit audit, Policy policy) {
    this.audit = audit;
    this.policy = policy;
  }

  /**
   * The user whose token the request carries.
   *
   * @throws dev.paas.base.problem.PaasException {@code access.unauthenticated} where a request may
   *     be anonymous and is
   */
  public User user() {
    return subject().user();
  }

  /**
   * The user with the scope of the token.
   *
   * @throws dev.paas.base.problem.PaasException {@code access.unauthenticated}
   */
  public Subject subject() {
    Subject known = subject;
    if (known == null) {
      throw unauthenticated().asException();
    }
    return known;
  }

  /** What the resource method that serves the request declares by {@link Needs}. */
  public Permission permission() {
    Permission declared = permission;
    if (declared == null) {
      throw unauthenticated().asException();
    }
    return declared;
  }

  /** Whether the user may do something besides that concerns no app. */
  public boolean may(Permission other) {
    return policy.decide(subject(), other) == Decision.ALLOWED;
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
    return subject != null;
  }

  void is(Subject authenticated, Actor proved, Permission declared) {
    subject = authenticated;
    actor = proved;
    permission = declared;
  }

  static Problem unauthenticated() {
    return Problem.of(
        Kind.UNAUTHENTICATED,
        "access.unauthenticated",
        "This needs a valid token",
        "Send Authorization: Bearer paas_…; make a token with paas tokens:create or over ssh.");
  }
}
