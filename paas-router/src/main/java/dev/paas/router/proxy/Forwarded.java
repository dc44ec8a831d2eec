package dev.paas.router.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** A step that says nothing. */
  private static final Forwarded SILENT = new Forwarded("", false);

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
    Forwarded step = null;
    int at = skip(blank, 0);
    while (at < text.length()) {
      char next = text.charAt(at);
      if (next == ',' && step != null) {
        steps.add(step);
        step = null;
      }
      if (next == ',' || next == ';') {
        at = skip(blank, at + 1);
        continue;
      }
      if (!pair.region(at, text.length()).lookingAt()) {
        return List.of();
      }
      step = with(step == null ? SILENT : step, pair);
      if (step == null) {
        return List.of();
      }
      at = skip(blank, pair.end());
      if (at < text.length() && ",;".indexOf(text.charAt(at)) < 0) {
        return List.of();
      }
    }
    if (step != null) {
      steps.add(step);
    }
    return List.copyOf(steps);
  }

  /** A step with what one more pair says of it; null when that is not well-formed. */
  private static @Nullable Forwarded with(Forwarded step, Matcher pair) {
    String value = pair.group(2) == null ? pair.group(3) : pair.group(2);
    return switch (pair.group(1).toLowerCase(Locale.ROOT)) {
      case "for" -> {
        Matcher named = NODE.matcher(value);
        yield named.matches()
            ? new Forwarded(named.group(1) == null ? named.group(2) : named.group(1), step.secure())
            : null;
      }
      case "proto" -> new Forwarded(step.node(), value.equalsIgnoreCase("https"));
      default -> step;
    };
  }

  private static int skip(Matcher blank, int at) {
    blank.region(at, blank.regionEnd()).lookingAt();
    return blank.end();
  }
}
