package dev.paas.api.identity;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names that people give their keys and tokens. */
public final class Names {

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9@._-]{0,59}");

  private Names() {}

  /**
   * The name, when it is one.
   *
   * @throws dev.paas.base.problem.PaasException {@code access.bad-name}
   */
  public static String check(@Nullable String name) {
    if (name == null || !VALID.matcher(name).matches()) {
      throw Problem.of(
              Kind.INVALID,
              "access.bad-name",
              "This is not a name for a key or a token",
              name == null ? "" : name,
              "Use 1 to 60 letters, digits and @._-, a letter or digit first.")
          .asException();
    }
    return name;
  }
}
