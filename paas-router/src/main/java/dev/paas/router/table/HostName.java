package dev.paas.router.table;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host as requests and tables name it, in one form: lower case, without port and without the dot
 * of the DNS root.
 */
public final class HostName {

  private static final int MAX_LENGTH = 253;
  private static final int MAX_PORT_DIGITS = 5;

  /** Letters, digits, hyphens, and underscores, which real names have although hosts may not. */
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  private HostName() {}

  /**
   * The name in a Host field or an authority.
   *
   * @return nothing when it has not the form of a host with an optional port
   */
  public static Optional<String> of(String authority) {
    int end = authority.length();
    int portAt =
        authority.startsWith("[")
            ? authority.indexOf(':', authority.indexOf(']') + 1)
            : authority.indexOf(':');
    if (authority.startsWith("[")) {
      int close = authority.indexOf(']');
      if (close < 0 || (portAt >= 0 ? portAt : end) != close + 1) {
        return Optional.empty();
      }
    }
    if (portAt >= 0) {
      if (!isPort(authority, portAt + 1)) {
        return Optional.empty();
      }
      end = portAt;
    }
    String name = authority.substring(0, end).toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      return isAddress(name) ? Optional.of(name) : Optional.empty();
    }
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    return isName(name) ? Optional.of(name) : Optional.empty();
  }

  /** Whether a table may name this host: in the one form, possibly with a first label {@code *}. */
  static boolean isRoutable(String host) {
    return isName(host.startsWith("*.") ? host.substring(2) : host);
  }

  private static boolean isName(String name) {
    return name.length() <= MAX_LENGTH && simple(name) && NAME.matcher(name).matches();
  }

  /** A quick refusal, and the bound that keeps the pattern from working on anything strange. */
  private static boolean simple(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean possible =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
      if (!possible) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isPort(String authority, int from) {
    if (authority.length() - from > MAX_PORT_DIGITS) {
      return false;
    }
    for (int i = from; i < authority.length(); i++) {
      if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAddress(String literal) {
    for (int i = 1; i < literal.length() - 1; i++) {
      char c = literal.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        return false;
      }
    }
    return literal.length() > 2;
  }
}
