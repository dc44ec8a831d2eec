package dev.paas.api.domain;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

/** A host name that an app answers at (RFC 1123 labels, lower case, no trailing dot). */
public record Host(String value) {

  private static final int MAX_LENGTH = 253;
  private static final Pattern LABELS =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  public Host {
    if (value.length() > MAX_LENGTH || !LABELS.matcher(value).matches()) {
      throw Problem.of(
              Kind.INVALID,
              "domain.bad-name",
              "This is not a host name",
              value,
              "Write it like www.example.com: no scheme, no port, no path, no wildcard.")
          .asException();
    }
  }

  /** What a person typed: case and a trailing dot do not matter. */
  static Host parse(String typed) {
    String lower = typed.strip().toLowerCase(Locale.ROOT);
    return new Host(lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower);
  }

  boolean isUnder(String domain) {
    return value.equals(domain) || value.endsWith("." + domain);
  }
}
