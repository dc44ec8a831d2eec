package dev.paas.acceptance.soak;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A keep-alive HTTP/1.1 client on one connection that repeats nothing and hides nothing: how a
 * request failed, and at which byte, is the answer it is for.
 */
final class Connection implements AutoCloseable {
  /** Longer than the slowest answer that the load asks for. */
  private static final int ANSWER_WITHIN_MILLIS = 40_000;

  private static final int CONNECT_WITHIN_MILLIS = 5_000;

  private final InetSocketAddress router;
  private @Nullable SocketChannel channel;
  private @Nullable InputStream in;

  Connection(int port) {
    this.router = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** A response that arrived whole. */
  static final class Answer {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private Answer(int status, Map<String, String> headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body;
    }

    int status() {
      return status;
    }

    /** A header by its name in lower case; empty when there is none. */
    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    boolean isOf(byte[] expected) {
      return Arrays.equals(body, expected);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Sends a request and reads its response; the connection stays open where both sides want it. */
  Answer ask(String method, String host, String path, byte[] body) throws Broken {
    boolean reused = isUsable();
    if (!reused) {
      connect();
    }
    String how = reused ? " on a reused connection" : "";
    try {
      send(method, host, path, body);
    } catch (IOException refused) {
      // Whoever closes early may have answered before.
      Answer early = answerAfter(refused, how);
      close();
      return early;
    }
    Answer answer = receive(how);
    if (answer.header("connection").equals("close")) {
      close();
    }
    return answer;
  }

  private void send(String method, String host, String path, byte[] body) throws IOException {
    String head =
        "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, host, body.length);
    ByteBuffer out =
        ByteBuffer.allocate(head.length() + body.length)
            .put(head.getBytes(StandardCharsets.US_ASCII))
            .put(body)
            .flip();
    SocketChannel to = channel;
    while (to != null && out.hasRemaining()) {
      to.write(out);
    }
  }

  private Answer answerAfter(IOException refused, String how) throws Broken {
    try {
      return receive(how);
    } catch (Broken alsoRefused) {
      throw broken("could not be sent" + how, refused);
    }
  }

  /** The other side may have closed it while it was idle, which is its right. */
  private boolean isUsable() {
    SocketChannel open = channel;
    if (open == null) {
      return false;
    }
    try {
      open.configureBlocking(false);
      int read = open.read(ByteBuffer.allocate(1));
      open.configureBlocking(true);
      if (read == 0) {
        return true;
      }
    } catch (IOException reset) {
      // Closed as well.
    }
    close();
    return false;
  }

  private void connect() throws Broken {
    try {
      SocketChannel opened = SocketChannel.open();
      channel = opened;
      opened.socket().setTcpNoDelay(true);
      opened.socket().setSoTimeout(ANSWER_WITHIN_MILLIS);
      opened.socket().connect(router, CONNECT_WITHIN_MILLIS);
      in = new BufferedInputStream(opened.socket().getInputStream());
    } catch (IOException refused) {
      throw broken("no connection", refused);
    }
  }

  private Answer receive(String how) throws Broken {
    InputStream from = in;
    if (from == null) {
      throw new IllegalStateException("not connected");
    }
    String where = "before the answer" + how;
    try {
      String start = line(from);
      where = "in the head of the answer";
      Map<String, String> headers = new HashMap<>();
      for (String header = line(from); !header.isEmpty(); header = line(from)) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      where = "in the body of the answer";
      int status = Integer.parseInt(start.split(" ")[1]);
      return new Answer(status, headers, body(from, headers));
    } catch (IOException failed) {
      throw broken(where, failed);
    }
  }

  private static byte[] body(InputStream from, Map<String, String> headers) throws IOException {
    String length = headers.get("content-length");
    if (length != null) {
      return exactly(from, Integer.parseInt(length));
    }
    if (!"chunked".equals(headers.get("transfer-encoding"))) {
      return from.readAllBytes();
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = chunkSize(from); size > 0; size = chunkSize(from)) {
      all.write(exactly(from, size));
      line(from);
    }
    line(from);
    return all.toByteArray();
  }

  private static int chunkSize(InputStream from) throws IOException {
    return Integer.parseInt(line(from).split(";")[0].strip(), 16);
  }

  private static byte[] exactly(InputStream from, int length) throws IOException {
    byte[] bytes = from.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static String line(InputStream from) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = from.read(); c != '\n'; c = from.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private Broken broken(String where, IOException how) {
    close();
    String word;
    if (how instanceof SocketTimeoutException) {
      word = "silence";
    } else if (how instanceof EOFException) {
      word = "closed";
    } else if (how instanceof SocketException) {
      word = String.valueOf(how.getMessage()).toLowerCase(Locale.ROOT);
    } else {
      word = how.toString();
    }
    return new Broken(word + " " + where);
  }

  @Override
  public void close() {
    SocketChannel open = channel;
    channel = null;
    in = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException gone) {
        // It is.
      }
    }
  }

  /** The connection failed: no whole response arrived. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String cause) {
      super(cause);
    }

    /** What happened and how far the exchange had come. */
    String how() {
      return String.valueOf(getMessage());
    }
  }
}
