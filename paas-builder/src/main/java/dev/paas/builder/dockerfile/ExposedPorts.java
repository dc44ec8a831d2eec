package dev.paas.builder.dockerfile;

import dev.paas.base.problem.Problem.Kind;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word of EXPOSE: a port or a range of ports, perhaps with a protocol. An address or a port of
 * the host may stand before it, as for {@code docker run -p}, and means nothing.
 */
final class ExposedPorts {

  private static final Pattern WORD =
      Pattern.compile(
          "(?:(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:]+]):)?(?:\\d{0,5}(?:-\\d{1,5})?:)?"
              + "(\\d{1,5})(?:-(\\d{1,5}))?(?:/((?i)tcp|udp|sctp))?");
  private static final int MAX_PORT = 65_535;

  private ExposedPorts() {}

  /** As the image's config has them, e.g. {@code 8080/tcp}. */
  static List<String> of(Text written, String word, Bounds bounds) {
    Matcher matcher = WORD.matcher(word);
    if (!matcher.matches()) {
      throw bad(written);
    }
    int first = Integer.parseInt(matcher.group(1));
    int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
    if (first < 1 || last > MAX_PORT || first > last) {
      throw bad(written);
    }
    bounds.entries(last - first + 1, "ports", written);
    String protocol =
        matcher.group(3) == null ? "tcp" : matcher.group(3).toLowerCase(java.util.Locale.ROOT);
    List<String> ports = new ArrayList<>();
    for (int port = first; port <= last; port++) {
      ports.add(port + "/" + protocol);
    }
    return ports;
  }

  private static RuntimeException bad(Text written) {
    return written.problem(
        Kind.INVALID,
        "dockerfile.bad-port",
        "EXPOSE needs a port between 1 and 65535",
        "Write e.g. EXPOSE 8080 or EXPOSE 8080/tcp.");
  }
}
