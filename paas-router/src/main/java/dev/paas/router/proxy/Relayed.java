package dev.paas.router.proxy;

import dev.paas.router.http1.Fields;
import dev.paas.router.http1.Framing;
import dev.paas.router.http1.RequestHead;
import dev.paas.router.http1.ResponseHead;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Heads as they go on: without what was meant for this hop alone (RFC 9110 §7.6.1), framed anew,
 * with what the router vouches for.
 */
final class Relayed {

  /** Removed in both directions. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "content-length",
          "upgrade",
          "http2-settings");

  /** Trailers that mean something to clients and nothing to gateways. */
  private static final Set<String> TRAILERS =
      Set.of(
          "grpc-status",
          "grpc-message",
          "grpc-status-details-bin",
          "server-timing",
          "digest",
          "content-digest",
          "repr-digest",
          "etag",
          "x-checksum");

  private Relayed() {}

  /**
   * The request for an instance.
   *
   * @param client the client's address, which nothing that it sent can change
   * @param startedMillis when the head had come, in milliseconds since 1970
   */
  static RequestHead request(Admitted admitted, String client, String id, long startedMillis) {
    Fields in = admitted.head().fields();
    Fields out = new Fields();
    Set<String> nominated = nominated(in);
    out.add("Host", admitted.authority());
    in.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          boolean dropped =
              lower.equals("host")
                  || lower.equals("expect")
                  || HOP_BY_HOP.contains(lower)
                  || Admitted.isOurs(lower)
                  || nominated.contains(lower);
          if (!dropped) {
            out.add(name, value);
          }
        });
    addFraming(out, admitted.framing());
    if (admitted.expectsContinue()) {
      out.add("Expect", "100-continue");
    }
    if (admitted.upgrade() != null) {
      out.add("Connection", "Upgrade").add("Upgrade", admitted.upgrade());
    } else if (admitted.trailers()) {
      out.add("Connection", "TE").add("TE", "trailers");
    }
    int colon = admitted.authority().lastIndexOf(':');
    boolean port =
        colon >= 0
            && colon + 1 < admitted.authority().length()
            && !admitted.authority().endsWith("]");
    out.add("X-Forwarded-For", client)
        .add("X-Forwarded-Proto", "http")
        .add("X-Forwarded-Host", admitted.authority())
        .add("X-Forwarded-Port", port ? admitted.authority().substring(colon + 1) : "80")
        .add("X-Request-Id", id)
        .add("X-Request-Start", Long.toString(startedMillis));
    return new RequestHead(admitted.head().method(), admitted.target(), 1, out);
  }

  /**
   * A final response for the client.
   *
   * @param framing how its body goes on
   * @param close the connection ends with it
   */
  static ResponseHead response(
      ResponseHead head, Admitted request, Framing framing, String id, boolean close) {
    Fields out = endToEnd(head.fields());
    String length = head.fields().first("Content-Length");
    if (framing.hasBody()) {
      addFraming(out, framing);
    } else if (length != null && head.status() != 204) {
      // No body follows, and the length is that of the body a GET would have had, or 0.
      out.add("Content-Length", length);
    }
    out.add("X-Request-Id", id);
    if (close) {
      out.add("Connection", "close");
    }
    return new ResponseHead(head.status(), head.reason(), 1, out);
  }

  /** An interim response for the client. */
  static ResponseHead interim(ResponseHead head) {
    return new ResponseHead(head.status(), head.reason(), 1, endToEnd(head.fields()));
  }

  /** The answer that turns the connection into a tunnel. */
  static ResponseHead switching(ResponseHead head, String id) {
    Fields out = endToEnd(head.fields());
    String protocol = head.fields().first("Upgrade");
    out.add("Connection", "Upgrade");
    if (protocol != null) {
      out.add("Upgrade", protocol);
    }
    out.add("X-Request-Id", id);
    return new ResponseHead(head.status(), head.reason(), 1, out);
  }

  static Fields trailers(Fields in) {
    Fields out = new Fields();
    in.forEach(
        (name, value) -> {
          if (TRAILERS.contains(name.toLowerCase(Locale.ROOT))) {
            out.add(name, value);
          }
        });
    return out;
  }

  private static Fields endToEnd(Fields in) {
    Fields out = new Fields();
    Set<String> nominated = nominated(in);
    in.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          boolean dropped =
              HOP_BY_HOP.contains(lower)
                  || lower.startsWith("x-paas-")
                  || lower.equals("x-request-id")
                  || nominated.contains(lower);
          if (!dropped) {
            out.add(name, value);
          }
        });
    return out;
  }

  private static void addFraming(Fields out, Framing framing) {
    switch (framing.kind()) {
      case FIXED -> out.add("Content-Length", Long.toString(framing.length()));
      case CHUNKED -> out.add("Transfer-Encoding", "chunked");
      case NONE, UNTIL_CLOSE -> {}
    }
  }

  private static Set<String> nominated(Fields in) {
    if (!in.has("Connection")) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    in.members("Connection").forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }
}
