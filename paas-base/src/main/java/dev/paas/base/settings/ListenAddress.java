package dev.paas.base.settings;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address and a TCP port to listen on, as settings write it: {@code 0.0.0.0:80} or {@code
 * [::]:80}.
 *
 * @param host an IPv4 address, an IPv6 address without its brackets, or a name
 * @param port 0 lets the kernel choose one
 */
public record ListenAddress(String host, int port) {

  private static final int MAX_PORT = 65_535;

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?)]|([A-Za-z0-9.-]+)):(\\d{1,5})");

  /**
   * @throws dev.paas.base.problem.PaasException when the text has another form
   */
  public static ListenAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(3)) > MAX_PORT) {
      throw Problem.of(
              Kind.INVALID,
              "settings.bad-value",
              "An address with a port is needed",
              text,
              "Write it like 0.0.0.0:80 or [::]:80.")
          .asException();
    }
    String host = form.group(1) == null ? form.group(2) : form.group(1);
    return new ListenAddress(host, Integer.parseInt(form.group(3)));
  }

  /**
   * Whether it can't be bound beside another one: it takes the same port there. Linux takes {@code
   * [::]} for IPv4 as well.
   */
  boolean clashesWith(ListenAddress other) {
    return port > 0 && port == other.port && (covers(other.host) || other.covers(host));
  }

  private boolean covers(String another) {
    return host.equals(another)
        || host.equals("::")
        || (host.equals("0.0.0.0") && another.indexOf(':') < 0);
  }

  /** Looks a name up; an address is taken as it is. */
  public InetSocketAddress resolved() {
    return new InetSocketAddress(host, port);
  }

  /** The host as a URL writes it (RFC 3986 §3.2.2): an IPv6 address in brackets. */
  public String urlHost() {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  @Override
  public String toString() {
    return urlHost() + ":" + port;
  }
}
