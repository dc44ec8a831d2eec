package dev.paas.router.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of the way of a request as {@code Forwarded} tells it (RFC 7239).
 *
 * @param node who sent it: an address without its port, or a name that stands for one; empty: it
 *     does not say
 * @param secure it came by TLS
 */
record Forwarded(String node, boolean secure) {

  /** A name and its value, which is a token (addresses are often written unquoted) or quoted. */
  private static final Pattern PAIR =
      Pattern.compile("([!#-'*+.0-9A-Z^-z|~-]+)=(?:([^\\s\",;\\\\]+)|\"([^\"\\\\]*)\")");

  /** An address, with a port or without, or a name that stands for one. */
  private static final Pattern NODE =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]{2,45})]|([0-9A-Za-z._-]{1,64}))(?::[0-9A-Za-z._-]{1,64})?");

  private static final Pattern BLANK = Pattern.compile("[ \\t]*");

  /**
   * The steps, the client's first.
   *
   * @param text the field's values, joined by commas
   * @return empty when any of it is not well-formed: then none of it can be relied on
   */
  static List<Forwarded> parse(String text) {
    List<Forwarded> steps = new ArrayList<>();
    Matcher pair = PAIR.matcher(text);
    Matcher blank = BLANK.matcher(text);
    String node = "";
    boolean secure = false;
    boolean begun = false;
    int at = skip(blank, 0);
    while (at < text.length()) {
      char next = text.charAt(at);
      if (next == ',' && begun) {
        steps.add(new Forwarded(node, secure));
        node = "";
        secure = false;
        begun = false;
      }
      if (next == ',' || next == ';') {
        at = skip(blank, at + 1);
        continue;
      }
      if (!pair.region(at, text.length()).lookingAt()) {
        return List.of();
      }
      begun = true;
      String value = pair.group(2) == null ? pair.group(3) : pair.group(2);
      switch (pair.group(1).toLowerCase(Locale.ROOT)) {
        case "for" -> {
          Matcher named = NODE.matcher(value);
          if (!named.matches()) {
            return List.of();
          }
          node = named.group(1) == null ? named.group(2) : named.group(1);
        }
        case "proto" -> secure = value.equalsIgnoreCase("https");
        default -> {}
      }
      at = skip(blank, pair.end());
      if (at < text.length() && ",;".indexOf(text.charAt(at)) < 0) {
        return List.of();
      }
    }
    if (begun) {
      steps.add(new Forwarded(node, secure));
    }
    return List.copyOf(steps);
  }

  private static int skip(Matcher blank, int at) {
    blank.region(at, blank.regionEnd()).lookingAt();
    return blank.end();
  }
}
