package dev.paas.acceptance.platform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A TCP connection to the router whose bytes a test chooses one by one: what no HTTP client would
 * send. Strings are ISO 8859-1.
 */
public final class Line implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket = new Socket();

  public Line(Platform platform) throws IOException {
    int port = Integer.parseInt(platform.variable("PAAS_HTTP_PORT"));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  public Line send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends, or does nothing when the other end has closed the connection already. */
  public void trySend(String text) {
    try {
      send(text);
    } catch (IOException closed) {
      // What the other end said before is read by rest().
    }
  }

  /** One response: its head and the content that Content-Length or chunks give it. */
  public String response() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append(next(in));
    }
    String head = text.toString().toLowerCase(Locale.ROOT);
    if (head.contains("\r\ntransfer-encoding: chunked")) {
      int from = text.length();
      while (!text.substring(from).startsWith("0\r\n\r\n")
          && text.indexOf("\r\n0\r\n\r\n", from) < 0) {
        text.append(next(in));
      }
    } else {
      int at = head.indexOf("\r\ncontent-length: ") + "\r\ncontent-length: ".length();
      int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
      text.append(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  private static char next(InputStream in) throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new IOException("the connection ended in a response");
    }
    return (char) next;
  }

  /** All until the other end closes; a reset counts as closing. */
  public String rest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[1 << 13];
    try {
      for (int count = read(part); count >= 0; count = read(part)) {
        all.write(part, 0, count);
      }
    } catch (SocketException reset) {
      // What came before it counts.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private int read(byte[] part) throws IOException {
    return socket.getInputStream().read(part);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
