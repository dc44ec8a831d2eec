package dev.paas.cli.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request and its answer on a connection of their own (RFC 9112). Why none of the
 * JDK's clients: docs/decisions/021-the-command-speaks-http-itself.md.
 */
final class HttpExchange implements Closeable {

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int MAX_LINE = 64 << 10;
  private static final int MAX_HEADERS = 200;
  private static final String ACCEPT = "sec-websocket-accept:";

  /** From now on the connection speaks another protocol (RFC 9110 §15.2.2). */
  private static final int SWITCHING = 101;

  private final Socket socket;
  private final Cancellation cancellation;
  private final OutputStream out;
  private final InputStream in;
  private int status;

  private HttpExchange(Socket socket, Cancellation cancellation) throws IOException {
    this.socket = socket;
    this.cancellation = cancellation;
    this.out = new BufferedOutputStream(socket.getOutputStream());
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static HttpExchange open(URI target, int readTimeoutMillis, Cancellation cancellation)
      throws IOException {
    boolean secure = "https".equals(target.getScheme());
    int port = target.getPort() >= 0 ? target.getPort() : secure ? 443 : 80;
    String host = target.getHost().replaceAll("^\\[|]$", "");
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MILLIS);
      socket.setSoTimeout(readTimeoutMillis);
      Socket used = secure ? secured(socket, host, port) : socket;
      HttpExchange exchange = new HttpExchange(used, cancellation);
      cancellation.opened(used);
      return exchange;
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  private static Socket secured(Socket plain, String host, int port) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secured = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  void sendHead(String method, URI target, Map<String, String> headers) throws IOException {
    sendHead(method, target, headers, "close");
  }

  private void sendHead(String method, URI target, Map<String, String> headers, String connection)
      throws IOException {
    StringBuilder head = new StringBuilder();
    String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    head.append(method).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(target.getRawAuthority()).append("\r\n");
    head.append("Connection: ").append(connection).append("\r\n");
    headers.forEach(
        (name, value) -> {
          if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a line break in the header " + name);
          }
          head.append(name).append(": ").append(value).append("\r\n");
        });
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  void send(byte[] body) throws IOException {
    out.write(body);
    out.flush();
  }

  /** Sends a body of unknown length as it comes, each part at once. */
  void sendChunked(InputStream body) throws IOException {
    byte[] part = new byte[16 << 10];
    for (int n = body.read(part); n >= 0; n = body.read(part)) {
      if (n > 0) {
        out.write((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(part, 0, n);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** Waits for the head of the answer; afterwards {@link #status} is known. */
  InputStream receive() throws IOException {
    do {
      String line = line();
      if (!line.startsWith("HTTP/1.") || line.length() < 12) {
        throw new IOException("not an HTTP server");
      }
      status = Integer.parseInt(line.substring(9, 12));
      length = -1;
      chunked = false;
      readHeaders();
    } while (status >= 100 && status < 200 && status != SWITCHING);
    if (status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if (chunked) {
      return new ChunkedBody(this);
    }
    return length >= 0 ? new SizedBody(in, length) : in;
  }

  /**
   * Asks for another protocol, which is spoken through {@link #in} and {@link #out} from then on.
   *
   * @return the body of the refusal; null when the protocol has changed
   */
  @Nullable String upgrade(URI target, Map<String, String> headers) throws IOException {
    sendHead("GET", target, headers, "Upgrade");
    InputStream body = receive();
    return status == SWITCHING
        ? null
        : new String(body.readNBytes(MAX_LINE), StandardCharsets.UTF_8);
  }

  /** How long the next reads wait. */
  void readTimeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /** What the server has made of the key of a WebSocket; empty for nothing. */
  String accepted() {
    return accepted;
  }

  InputStream in() {
    return in;
  }

  OutputStream out() {
    return out;
  }

  private long length;
  private boolean chunked;
  private String accepted = "";

  private void readHeaders() throws IOException {
    for (int i = 0; i < MAX_HEADERS; i++) {
      String header = line();
      if (header.isEmpty()) {
        return;
      }
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(header.substring("content-length:".length()).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      } else if (lower.startsWith(ACCEPT)) {
        accepted = header.substring(ACCEPT.length()).strip();
      }
    }
    throw new IOException("too many headers");
  }

  int status() {
    return status;
  }

  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (line.length() >= MAX_LINE) {
        throw new IOException("a line of the answer is too long");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  int read(byte[] into, int from, int length) throws IOException {
    return in.read(into, from, length);
  }

  @Override
  public void close() throws IOException {
    cancellation.closed(socket);
    socket.close();
  }

  /** A body whose length was announced: its end is known, and an early one is an error. */
  private static final class SizedBody extends InputStream {
    private final InputStream in;
    private long left;

    SizedBody(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(into, from, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("the answer was cut off");
      }
      left -= n;
      return n;
    }
  }
}
