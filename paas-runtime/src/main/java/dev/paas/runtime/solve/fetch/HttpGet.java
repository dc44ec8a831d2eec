package dev.paas.runtime.solve.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One GET on a connection of its own (RFC 9112). It is connected to an address and never to a name,
 * so that what was checked is what is reached. An interrupt of the thread and the {@link Cutoff}
 * end whatever it waits for.
 */
final class HttpGet implements AutoCloseable {

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  /** Without a byte. */
  private static final int READ_TIMEOUT_MILLIS = 20_000;

  /** So many addresses of one host are tried. */
  private static final int MAX_ADDRESSES = 4;

  private final Socket socket;
  private final HttpHead head;
  private final HttpContent content;

  private HttpGet(Socket socket, HttpHead head, HttpContent content) {
    this.socket = socket;
    this.head = head;
    this.content = content;
  }

  /**
   * Sends a request and reads the head of the answer.
   *
   * @param uri with a host; its scheme is {@code https} or else {@code http}
   * @param addresses of that host, the first that answers is taken
   */
  static HttpGet send(URI uri, List<InetAddress> addresses, Cutoff cutoff) throws IOException {
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    Socket socket = connect(addresses, port, cutoff);
    try {
      if (secure) {
        socket = secured(socket, uri, port);
      }
      socket.getOutputStream().write(HttpHead.bytes(request(uri)));
      socket.getOutputStream().flush();
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      HttpHead head = HttpHead.read(in);
      return new HttpGet(socket, head, new HttpContent(head, in));
    } catch (IOException | RuntimeException | Error failed) {
      socket.close();
      throw failed;
    }
  }

  private static Socket connect(List<InetAddress> addresses, int port, Cutoff cutoff)
      throws IOException {
    IOException last = new UnknownHostException("it has no address");
    for (InetAddress address : addresses.subList(0, Math.min(MAX_ADDRESSES, addresses.size()))) {
      SocketChannel channel = SocketChannel.open(); // a plain socket takes no notice of interrupts
      try {
        cutoff.covers(channel);
        channel.socket().connect(new InetSocketAddress(address, port), CONNECT_TIMEOUT_MILLIS);
        channel.socket().setSoTimeout(READ_TIMEOUT_MILLIS);
        return channel.socket();
      } catch (IOException unreachable) {
        channel.close();
        last = unreachable;
        if (cutoff.isExpired() || Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    }
    throw last;
  }

  private static Socket secured(Socket plain, URI uri, int port) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            HttpsURLConnection.getDefaultSSLSocketFactory()
                .createSocket(plain, bareHost(uri), port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  /** Without the brackets around an address of IPv6. */
  static String bareHost(URI uri) {
    return String.valueOf(uri.getHost()).replaceAll("[\\[\\]]", "");
  }

  private static String request(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    String host = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    return String.join(
        "\r\n",
        "GET " + target + " HTTP/1.1",
        "Host: " + host,
        "User-Agent: paas",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
        "",
        "");
  }

  HttpHead head() {
    return head;
  }

  HttpContent content() {
    return content;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
