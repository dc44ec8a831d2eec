package dev.paas.api.access;

import dev.paas.api.identity.User;
import dev.paas.api.identity.Users;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Whom a request is about: the caller, or another user whom an admin names. */
@Singleton
public class NamedUsers {

  private final Users users;
  private final CurrentUser current;
  private final Policy policy;

  NamedUsers(Users users, CurrentUser current, Policy policy) {
    this.users = users;
    this.current = current;
    this.policy = policy;
  }

  /**
   * The user of this name, who is made if need be.
   *
   * @param named null for the caller
   * @throws dev.paas.base.problem.PaasException {@code access.forbidden}, {@code
   *     access.bad-user-name}
   */
  public User knownOrNew(@Nullable String named) {
    if (named == null || named.equals(current.user().name())) {
      return current.user();
    }
    policy.require(current.subject(), Permission.ACT_FOR_OTHERS, named);
    return users.findOrCreate(current.actor(), named, false);
  }

  /**
   * The user of this name.
   *
   * @param named null for the caller
   * @throws dev.paas.base.problem.PaasException {@code access.forbidden}, {@code user.not-found}
   */
  public User known(@Nullable String named) {
    if (named == null || named.equals(current.user().name())) {
      return current.user();
    }
    policy.require(current.subject(), Permission.ACT_FOR_OTHERS, named);
    return users
        .find(named)
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.NOT_FOUND,
                        "user.not-found",
                        "There is no such user",
                        named,
                        "Check the name.")
                    .asException());
  }
}
