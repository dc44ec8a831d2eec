package dev.paas.base.name;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.regex.Pattern;

/**
 * The name of an app: a DNS label of at most 39 characters, because it becomes a host name, a git
 * path and a part of container names.
 */
public record AppName(String value) implements Comparable<AppName> {

  public static final int MAX_LENGTH = 39;
  private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9-]{0,37}[a-z0-9]|[a-z]");

  public AppName {
    if (!VALID.matcher(value).matches()) {
      throw Problem.of(
              Kind.INVALID,
              "app.bad-name",
              "This is not a name for an app",
              value,
              "Use 1 to 39 characters: a lower-case letter first, then lower-case letters, digits and hyphens, no hyphen"
                  + " last.")
          .asException();
    }
  }

  @Override
  public int compareTo(AppName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
