package dev.paas.router.proxy;

import dev.paas.router.http1.BadMessage;

/**
 * Why the router answered itself, or ended what an instance had begun. The code stands in the log,
 * in the answer's {@code X-Paas-Error} and on its page; docs/problems.md lists it.
 */
public enum Failure {
  BAD_REQUEST(400, "router.bad-request", "This request is not well-formed HTTP/1.1."),
  PLAIN_HTTP(400, "router.plain-http", "This port speaks HTTPS: write https:// in the address."),
  UNKNOWN_HOST(404, "router.unknown-host", "No app answers at this address."),
  METHOD(405, "router.method-not-allowed", "This method is not relayed to apps."),
  REQUEST_TIMEOUT(408, "router.request-timeout", "The request did not arrive in time."),
  LINE_TOO_LONG(414, "router.target-too-long", "The address of this request is too long."),
  EXPECTATION(417, "router.expectation", "This expectation can't be met."),
  HEAD_TOO_LARGE(431, "router.headers-too-large", "The header of this request is too large."),
  CLIENT_GONE(499, "router.client-gone", "The client closed the connection."),
  CLIENT_STALLED(499, "router.client-stalled", "The client stopped reading the response."),
  IDLE_TUNNEL(499, "router.tunnel-idle", "Nothing passed through the tunnel for too long."),
  CONNECT_FAILED(502, "router.connect-failed", "The app could not be reached."),
  BAD_RESPONSE(502, "router.bad-response", "The app's response is not well-formed HTTP/1.1."),
  INSTANCE_CLOSED(502, "router.instance-closed", "The app closed the connection."),
  NO_TABLE(503, "router.no-table", "The router has not been told yet which apps there are."),
  NO_INSTANCES(503, "router.no-instances", "This app has no running instance."),
  OVERLOADED(503, "router.overloaded", "There is too much under way at the moment."),
  CONNECT_TIMEOUT(504, "router.connect-timeout", "The app did not accept a connection in time."),
  RESPONSE_TIMEOUT(504, "router.response-timeout", "The app did not answer in time."),
  INSTANCE_STALLED(504, "router.instance-stalled", "The app stopped sending its response."),
  DRAINED(504, "router.drain-timeout", "The instance was stopped before it had answered."),
  VERSION(505, "router.http-version", "This version of HTTP is not spoken here.");

  private final int status;
  private final String code;
  private final String what;

  Failure(int status, String code, String what) {
    this.status = status;
    this.code = code;
    this.what = what;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String what() {
    return what;
  }

  String reason() {
    return switch (status) {
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 414 -> "URI Too Long";
      case 417 -> "Expectation Failed";
      case 431 -> "Request Header Fields Too Large";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      default -> "";
    };
  }

  public static Failure of(BadMessage bad) {
    return switch (bad.kind()) {
      case MALFORMED -> BAD_REQUEST;
      case LINE_TOO_LONG -> LINE_TOO_LONG;
      case HEAD_TOO_LARGE -> HEAD_TOO_LARGE;
      case VERSION -> VERSION;
      case EXPECTATION -> EXPECTATION;
      case METHOD -> METHOD;
    };
  }
}
