package dev.paas.router.proxy;

import dev.paas.router.budget.ClientAddress;
import dev.paas.router.budget.Networks;
import dev.paas.router.http1.Fields;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, and how: as the connection tells, or as a trusted proxy does.
 *
 * @param client the last one that nobody of trust speaks for
 * @param forwardedFor the way that the request has come, the client first
 * @param scheme by which it came to the first proxy
 * @param port that the client used, if a proxy says so
 */
public record Sender(
    ClientAddress client, String forwardedFor, Scheme scheme, @Nullable String port) {

  private static final Pattern PORT = Pattern.compile("\\d{1,5}");

  /**
   * A client that speaks for itself: whatever it says of others is not believed.
   *
   * @param scheme by which its connection came, as the proxy said that began it
   */
  public static Sender itself(ClientAddress client, Scheme scheme) {
    return new Sender(client, client.text(), scheme, null);
  }

  /**
   * What the proxy {@code peer} says, which is trusted: in {@code X-Forwarded-*}, or else in {@code
   * Forwarded}. A proxy that writes the ones may have passed on the other as its client wrote it.
   *
   * @param scheme by which the proxy came, which holds when it does not say how its client did
   */
  public static Sender reported(
      Fields fields, ClientAddress peer, Networks trusted, Scheme scheme) {
    List<String> way = fields.members("X-Forwarded-For");
    String proto = fields.first("X-Forwarded-Proto");
    String port = fields.first("X-Forwarded-Port");
    if (way.isEmpty() && proto == null && port == null && fields.has("Forwarded")) {
      return reported(Forwarded.parse(String.join(",", fields.all("Forwarded"))), peer, trusted);
    }
    ClientAddress client = peer;
    for (int i = way.size() - 1; i >= 0; i--) {
      InetAddress before = Networks.address(way.get(i));
      if (before == null) {
        break;
      }
      client = ClientAddress.of(before);
      if (!trusted.has(before)) {
        break;
      }
    }
    boolean known = port != null && PORT.matcher(port).matches();
    return new Sender(
        client,
        forwardedFor(way, peer),
        proto == null ? scheme : Scheme.of("https".equalsIgnoreCase(proto)),
        known ? port : null);
  }

  private static Sender reported(List<Forwarded> way, ClientAddress peer, Networks trusted) {
    ClientAddress client = peer;
    boolean secure = false;
    List<String> names = new ArrayList<>();
    way.forEach(step -> names.add(step.node().isEmpty() ? "unknown" : step.node()));
    for (int i = way.size() - 1; i >= 0; i--) {
      // The last proxy of trust tells how the client came; what is before it the client may say.
      secure = way.get(i).secure();
      InetAddress before = Networks.address(way.get(i).node());
      if (before == null) {
        break;
      }
      client = ClientAddress.of(before);
      if (!trusted.has(before)) {
        break;
      }
    }
    return new Sender(client, forwardedFor(names, peer), Scheme.of(secure), null);
  }

  private static String forwardedFor(List<String> way, ClientAddress peer) {
    return way.isEmpty() ? peer.text() : String.join(", ", way) + ", " + peer.text();
  }
}
