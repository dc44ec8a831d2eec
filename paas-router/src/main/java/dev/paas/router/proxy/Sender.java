package dev.paas.router.proxy;

import dev.paas.router.budget.ClientAddress;
import dev.paas.router.budget.Networks;
import dev.paas.router.http1.Fields;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, and how: as the connection tells, or as a trusted proxy does.
 *
 * @param client the last one that nobody of trust speaks for
 * @param forwardedFor the way that the request has come, the client first
 * @param secure it came by TLS to the first proxy
 * @param port that the client used, if a proxy says so
 */
record Sender(ClientAddress client, String forwardedFor, boolean secure, @Nullable String port) {

  /** A client that speaks for itself: whatever it says of others is not believed. */
  static Sender itself(ClientAddress client) {
    return new Sender(client, client.text(), false, null);
  }

  /** What the proxy {@code peer} says, which is trusted. */
  static Sender reported(Fields fields, ClientAddress peer, Networks trusted) {
    List<String> way = fields.members("X-Forwarded-For");
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
    boolean secure = "https".equalsIgnoreCase(fields.first("X-Forwarded-Proto"));
    String port = fields.first("X-Forwarded-Port");
    boolean known = port != null && port.matches("\\d{1,5}");
    String all = way.isEmpty() ? "" : String.join(", ", way) + ", ";
    return new Sender(client, all + peer.text(), secure, known ? port : secure ? "443" : null);
  }
}
