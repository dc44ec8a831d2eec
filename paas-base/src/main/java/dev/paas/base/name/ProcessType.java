package dev.paas.base.name;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.regex.Pattern;

/** A line of a Procfile: {@code web}, {@code worker}, …: a DNS label of at most 30 characters. */
public record ProcessType(String value) implements Comparable<ProcessType> {

  private static final Pattern VALID = Pattern.compile("[a-z]([a-z0-9-]{0,28}[a-z0-9])?");

  /** The process type that the router sends requests to. */
  public static final ProcessType WEB = new ProcessType("web");

  /** What one-off runs are called; no release has a process type of this name. */
  public static final ProcessType ONE_OFF = new ProcessType("run");

  public ProcessType {
    if (!VALID.matcher(value).matches()) {
      throw Problem.of(
              Kind.IMPOSSIBLE,
              "process.bad-name",
              "This is not a name for a process type",
              value,
              "Use 1 to 30 lower-case letters, digits and hyphens, a letter first and no hyphen last.")
          .asException();
    }
  }

  @Override
  public int compareTo(ProcessType other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
