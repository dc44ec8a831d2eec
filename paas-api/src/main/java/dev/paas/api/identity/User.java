package dev.paas.api.identity;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.regex.Pattern;

/**
 * Someone who may use the platform.
 *
 * @param name a DNS label of at most 39 characters
 * @param admin may see and change every app, and add keys and tokens for others
 */
public record User(String name, boolean admin) {

  private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9-]{0,37}[a-z0-9]|[a-z]");

  public User {
    if (!VALID.matcher(name).matches()) {
      throw Problem.of(
              Kind.INVALID,
              "access.bad-user-name",
              "This is not a name for a user",
              name,
              "Use 1 to 39 characters: a lower-case letter first, then lower-case letters, digits and hyphens, no"
                  + " hyphen last.")
          .asException();
    }
  }
}
