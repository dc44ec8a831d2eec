package dev.paas.router.table;

import java.util.Locale;
import java.util.Optional;

/**
 * A host as requests and tables name it, in one form: lower case, without port and without the dot
 * of the DNS root.
 */
public final class HostName {

  private static final int MAX_LENGTH = 253;
  private static final int MAX_PORT_DIGITS = 5;

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
  public static boolean isRoutable(String host) {
    return isName(host.startsWith("*.") ? host.substring(2) : host);
  }

  /**
   * Labels between dots: letters, digits, hyphens inside, and underscores, which real names have
   * although hosts may not.
   */
  private static boolean isName(String name) {
    boolean atStart = true;
    char before = '.';
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      boolean possible = word || (c == '-' && !atStart) || (c == '.' && !atStart && before != '-');
      if (!possible) {
        return false;
      }
      atStart = c == '.';
      before = c;
    }
    return !atStart && before != '-' && name.length() <= MAX_LENGTH;
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
