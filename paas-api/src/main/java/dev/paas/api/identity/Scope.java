package dev.paas.api.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.Arrays;
import java.util.Locale;

/** What a token may do of what its user may do. */
public enum Scope {
  /** Look at everything but config vars, which hold secrets. */
  READ,
  /** Everything. */
  WRITE;

  /**
   * The scope of this name.
   *
   * @throws dev.paas.base.problem.PaasException {@code token.bad-scope}
   */
  @JsonCreator
  public static Scope of(String name) {
    return Arrays.stream(values())
        .filter(scope -> scope.text().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.INVALID,
                        "token.bad-scope",
                        "There is no such scope of a token",
                        name,
                        "Use read, which changes nothing and sees no config vars, or write.")
                    .asException());
  }

  /** The name in requests and answers, {@code read} or {@code write}. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
