package dev.paas.router.proxy;

import dev.paas.router.http1.FieldNames;
import dev.paas.router.http1.Fields;
import dev.paas.router.http1.RequestHead;
import java.util.List;

/**
 * Rewrites fields that go on, in either direction: without those for this hop alone (RFC 9110
 * §7.6.1). Heads of requests also get their framing and what the router vouches for.
 */
public final class HeadRewriter {

  /** Removed in both directions. */
  private static final FieldNames HOP_BY_HOP =
      FieldNames.of(
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

  /**
   * Of requests, besides: written by the router, or not at all. Programs behind CGI take {@code
   * Proxy} for the variable that says where their own requests go.
   */
  private static final FieldNames REWRITTEN = FieldNames.of("host", "expect", "proxy");

  /** Trailers that mean something to clients and nothing to gateways. */
  private static final FieldNames TRAILERS =
      FieldNames.of(
          "grpc-status",
          "grpc-message",
          "grpc-status-details-bin",
          "server-timing",
          "digest",
          "content-digest",
          "repr-digest",
          "etag",
          "x-checksum");

  private HeadRewriter() {}

  /**
   * The request for an instance.
   *
   * @param sender who it is from, which nothing that a client sent can change
   * @param startedMillis when the head had come, in milliseconds since 1970
   */
  static RequestHead request(
      ValidatedRequest request, Sender sender, String id, long startedMillis) {
    Fields in = request.head().fields();
    Fields out = new Fields();
    List<String> nominated = in.members("Connection");
    out.add("Host", request.authority());
    in.forEach(
        (name, value) -> {
          boolean dropped =
              REWRITTEN.has(name)
                  || HOP_BY_HOP.has(name)
                  || ValidatedRequest.isOurs(name)
                  || names(nominated, name);
          if (!dropped) {
            out.add(name, value);
          }
        });
    request.framing().addTo(out);
    if (request.expectsContinue()) {
      out.add("Expect", "100-continue");
    }
    if (request.upgrade() != null) {
      out.add("Connection", "Upgrade").add("Upgrade", request.upgrade());
    } else if (request.trailers()) {
      out.add("Connection", "TE").add("TE", "trailers");
    }
    out.add("X-Forwarded-For", sender.forwardedFor())
        .add("X-Forwarded-Proto", sender.scheme().text())
        .add("X-Forwarded-Host", request.authority())
        .add("X-Forwarded-Port", port(sender, request.authority()))
        .add("X-Request-Id", id)
        .add("X-Request-Start", Long.toString(startedMillis));
    return new RequestHead(request.head().method(), request.target(), 1, out);
  }

  /**
   * The port of the address that the client used. Without one it is the scheme's, wherever the
   * router listens: another device may pass that port on to it (RFC 9110 §4.2.1).
   */
  private static String port(Sender sender, String authority) {
    String reported = sender.port();
    if (reported != null) {
      return reported;
    }
    int colon = authority.lastIndexOf(':');
    boolean written = colon >= 0 && colon + 1 < authority.length() && !authority.endsWith("]");
    return written ? authority.substring(colon + 1) : sender.scheme().port();
  }

  /** Those trailers of a response that may go on to a client that takes trailers. */
  public static Fields trailers(Fields in) {
    Fields out = new Fields();
    in.forEach(
        (name, value) -> {
          if (TRAILERS.has(name)) {
            out.add(name, value);
          }
        });
    return out;
  }

  /** The fields of a response that are not for this hop alone, nor the router's own. */
  public static Fields endToEnd(Fields in) {
    Fields out = new Fields();
    List<String> nominated = in.members("Connection");
    in.forEach(
        (name, value) -> {
          boolean dropped =
              HOP_BY_HOP.has(name)
                  || ValidatedRequest.startsWith(name, "x-paas-")
                  || name.equalsIgnoreCase("x-request-id")
                  || names(nominated, name);
          if (!dropped) {
            out.add(name, value);
          }
        });
    return out;
  }

  /** Whether a list of names, such as the members of Connection, has this one. */
  static boolean names(List<String> list, String name) {
    for (String one : list) {
      if (one.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
