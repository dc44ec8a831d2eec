package dev.paas.router.boot;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.net.InetSocketAddress;

/** An address to listen on, as settings write it: {@code 0.0.0.0:80} or {@code [::]:80}. */
final class Listen {

  private static final int MAX_PORT = 65_535;

  private Listen() {}

  static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > MAX_PORT) {
      throw Problem.of(
              Kind.INVALID,
              "settings.bad-value",
              "The setting router.http is not an address with a port",
              text,
              "Write it like its default: 0.0.0.0:80.")
          .asException();
    }
    return new InetSocketAddress(host, Integer.parseInt(port));
  }
}
