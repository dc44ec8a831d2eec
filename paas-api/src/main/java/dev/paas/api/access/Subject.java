package dev.paas.api.access;

import dev.paas.api.identity.Scope;
import dev.paas.api.identity.User;

/**
 * Who wants to do something, as far as the proof they showed reaches.
 *
 * @param scope what of the user's may be done with that proof
 */
public record Subject(User user, Scope scope) {

  /** With everything that the user may do, as an SSH key gives it. */
  public static Subject unlimited(User user) {
    return new Subject(user, Scope.WRITE);
  }
}
