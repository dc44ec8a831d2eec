package dev.paas.api.access;

import dev.paas.api.identity.Scope;

/**
 * Something that somebody may want to do, with the rule of who may. Those on an app say {@link
 * Holder#OWNER} or {@link Holder#OWNER_WHO_IS_ADMIN}; to everybody else such an app looks like one
 * that does not exist.
 */
public enum Permission {
  SEE_VERSION(Holder.ANYBODY, Scope.READ),
  LIST_APPS(Holder.USER, Scope.READ),
  CREATE_APP(Holder.USER, Scope.WRITE),
  SEE_KEYS(Holder.USER, Scope.READ),
  CHANGE_KEYS(Holder.USER, Scope.WRITE),
  SEE_TOKENS(Holder.USER, Scope.READ),
  CHANGE_TOKENS(Holder.USER, Scope.WRITE),
  /** To see or change what is another user's own: keys, tokens, quotas. */
  ACT_FOR_OTHERS(
      Holder.ADMIN,
      Scope.READ,
      "Only an admin may do this for another user",
      "Leave out user, or ask an admin."),
  SEE_QUOTAS(Holder.USER, Scope.READ),
  SET_QUOTAS(Holder.ADMIN, Scope.WRITE, "Only an admin may set quotas", Texts.ASK),
  /** What the user did, and what befell the user's apps. */
  SEE_AUDIT(Holder.USER, Scope.READ),
  SEE_WHOLE_AUDIT(Holder.ADMIN, Scope.READ, "Only an admin may see the whole audit", Texts.ASK),
  /** Base images, those of the user's apps, and what the user loaded. */
  SEE_IMAGES(Holder.USER, Scope.READ),
  SEE_ALL_IMAGES(Holder.ADMIN, Scope.READ, "Only an admin may see all images", Texts.ASK),
  CHANGE_IMAGES(Holder.ADMIN, Scope.WRITE, "Only an admin may change the images", Texts.ASK),
  /** To load images under one's own name, to name and to remove those. */
  CHANGE_OWN_IMAGES(Holder.USER, Scope.WRITE),
  /** To run a command in an image that is of no app, and to pull it for that. */
  RUN_IMAGE(Holder.USER, Scope.WRITE),
  /** Hosts and user names of logins to registries; a password is shown to nobody. */
  SEE_REGISTRIES(Holder.USER, Scope.READ),
  CHANGE_REGISTRIES(Holder.USER, Scope.WRITE),
  EXAMINE_PLATFORM(Holder.ADMIN, Scope.READ, "Only an admin may examine the platform", Texts.ASK),

  SEE_APP(Holder.OWNER, Scope.READ),
  DESTROY_APP(Holder.OWNER, Scope.WRITE),
  /** Config vars are secrets: a token that may only read does not show them. */
  SEE_CONFIG(Holder.OWNER, Scope.WRITE),
  CHANGE_CONFIG(Holder.OWNER, Scope.WRITE),
  SEE_DOMAINS(Holder.OWNER, Scope.READ),
  CHANGE_DOMAINS(Holder.OWNER, Scope.WRITE),
  /** To give an app a host whose ownership nothing has proved. */
  APPROVE_DOMAIN(
      Holder.OWNER_WHO_IS_ADMIN,
      Scope.WRITE,
      "Only an admin's word proves a host",
      "Point its DNS here or set the TXT record that paas domains shows, or ask an admin."),
  SEE_RELEASES(Holder.OWNER, Scope.READ),
  ROLL_BACK(Holder.OWNER, Scope.WRITE),
  SEE_DEPLOYMENTS(Holder.OWNER, Scope.READ),
  SEE_INSTANCES(Holder.OWNER, Scope.READ),
  SCALE(Holder.OWNER, Scope.WRITE),
  RESTART(Holder.OWNER, Scope.WRITE),
  SEE_LOGS(Holder.OWNER, Scope.READ),
  SEE_BUILDS(Holder.OWNER, Scope.READ),
  CANCEL_BUILD(Holder.OWNER, Scope.WRITE),
  /** To run a command in an app's image, with its config vars, and to follow it. */
  RUN_COMMAND(Holder.OWNER, Scope.WRITE),
  FETCH(Holder.OWNER, Scope.READ),
  PUSH(Holder.OWNER, Scope.WRITE);

  /** Who has a permission. */
  enum Holder {
    /** Whoever asks, without a proof of who that is. */
    ANYBODY,
    /** Every user. */
    USER,
    /** Admins. */
    ADMIN,
    /** The app's owner, and admins, to whom every app is open. */
    OWNER,
    /** Whoever the app is open to and is an admin besides. */
    OWNER_WHO_IS_ADMIN
  }

  private static final class Texts {
    static final String ASK = "Ask an admin.";
  }

  private final Holder holder;
  private final Scope scope;
  private final String refusal;
  private final String fix;

  Permission(Holder holder, Scope scope) {
    this(holder, scope, "You may not do this", Texts.ASK);
  }

  /**
   * @param refusal what somebody is told who would have to be an admin
   * @param fix what helps
   */
  Permission(Holder holder, Scope scope, String refusal, String fix) {
    this.holder = holder;
    this.scope = scope;
    this.refusal = refusal;
    this.fix = fix;
  }

  /** Whether it needs no proof of who asks. */
  boolean isOpenToAll() {
    return holder == Holder.ANYBODY;
  }

  Holder holder() {
    return holder;
  }

  /** The least scope of a token that reaches this. */
  public Scope scope() {
    return scope;
  }

  /** Whether it is a permission on one app. */
  public boolean concernsApp() {
    return switch (holder) {
      case ANYBODY, USER, ADMIN -> false;
      case OWNER, OWNER_WHO_IS_ADMIN -> true;
    };
  }

  String refusal() {
    return refusal;
  }

  String fix() {
    return fix;
  }
}
