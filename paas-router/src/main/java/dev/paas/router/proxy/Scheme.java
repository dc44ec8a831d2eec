package dev.paas.router.proxy;

/** By which scheme a client reached the platform; a port that goes without saying is its own. */
public enum Scheme {
  HTTP("http", 80),
  HTTPS("https", 443);

  private final String text;
  private final String port;

  Scheme(String text, int port) {
    this.text = text;
    this.port = Integer.toString(port);
  }

  /** The one of a connection that TLS protects, or the other one. */
  public static Scheme of(boolean secure) {
    return secure ? HTTPS : HTTP;
  }

  /** As a URI writes it. */
  String text() {
    return text;
  }

  String port() {
    return port;
  }
}
