package dev.paas.api.access;

import dev.paas.api.identity.Scope;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.inject.Singleton;

/**
 * The one place that says who may do what to which app. Requests over HTTP, the commands that are
 * given over SSH (which are such requests), fetches and pushes all ask here.
 */
@Singleton
public class Policy {

  /** Says whether somebody may do what concerns no app. */
  public Decision decide(Subject subject, Permission permission) {
    if (permission.concernsApp()) {
      throw new IllegalArgumentException(permission + " is a permission on an app");
    }
    return beforeTheApp(subject, permission);
  }

  /** Says whether somebody may do something to the app of this owner. */
  public Decision decide(Subject subject, Permission permission, String owner) {
    if (!permission.concernsApp()) {
      throw new IllegalArgumentException(permission + " is no permission on an app");
    }
    Decision before = beforeTheApp(subject, permission);
    if (before != Decision.ALLOWED) {
      return before;
    }
    boolean admin = subject.user().admin();
    if (!admin && !subject.user().name().equals(owner)) {
      return Decision.HIDDEN;
    }
    return permission.holder() == Permission.Holder.OWNER_WHO_IS_ADMIN && !admin
        ? Decision.FORBIDDEN
        : Decision.ALLOWED;
  }

  /**
   * Says what can be said while the app is not known: all, when none is concerned; else whether the
   * proof reaches far enough for any.
   */
  Decision beforeTheApp(Subject subject, Permission permission) {
    if (permission.scope() == Scope.WRITE && subject.scope() == Scope.READ) {
      return Decision.READ_ONLY;
    }
    return permission.holder() == Permission.Holder.ADMIN && !subject.user().admin()
        ? Decision.FORBIDDEN
        : Decision.ALLOWED;
  }

  /**
   * Refuses what concerns no app and somebody may not do.
   *
   * @param about what the refusal names, e.g. the user for whom it was to be done
   * @throws dev.paas.base.problem.PaasException {@code access.forbidden}, {@code access.read-only}
   */
  public void require(Subject subject, Permission permission, String about) {
    Decision decision = decide(subject, permission);
    if (decision != Decision.ALLOWED) {
      throw refusal(decision, permission, about).asException();
    }
  }

  /**
   * What somebody is told who may not.
   *
   * @param decision other than allowed or hidden: how an app is hidden is told where apps are known
   * @param about what it was about; may be empty
   */
  public static Problem refusal(Decision decision, Permission permission, String about) {
    return switch (decision) {
      case READ_ONLY ->
          Problem.of(
              Kind.FORBIDDEN,
              "access.read-only",
              "This token may only read, and no config vars",
              about,
              "Use a token of scope write: paas tokens:create NAME.");
      case FORBIDDEN ->
          Problem.of(
              Kind.FORBIDDEN, "access.forbidden", permission.refusal(), about, permission.fix());
      case ALLOWED, HIDDEN ->
          throw new IllegalArgumentException(permission + " is not refused: " + decision);
    };
  }
}
