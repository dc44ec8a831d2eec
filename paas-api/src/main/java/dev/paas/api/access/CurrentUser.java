package dev.paas.api.access;

import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who makes the request that is being answered. */
@RequestScoped
public class CurrentUser {

  private @Nullable User user;

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

  void is(User authenticated) {
    user = authenticated;
  }

  static Problem unauthenticated() {
    return Problem.of(
        "access.unauthenticated",
        "This needs a valid token",
        "Send Authorization: Bearer paas_…; make a token with paas tokens:create or over ssh.");
  }
}
