package dev.paas.router.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One end of a TCP connection, byte by byte. Strings are ISO 8859-1. */
public final class Wire implements Closeable {

  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  public Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  public static Wire to(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.connect(address, TIMEOUT_MILLIS);
    return new Wire(socket);
  }

  /** A connection whose kernel takes little of what the other end sends. */
  public static Wire withSmallBuffer(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(address, TIMEOUT_MILLIS);
    return new Wire(socket);
  }

  public Socket socket() {
    return socket;
  }

  public Wire send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends what the other end may refuse by closing. */
  public void trySend(String text) {
    try {
      send(text);
    } catch (IOException closed) {
      // What it said before counts.
    }
  }

  /** The bytes up to and with the empty line; empty when the connection ends before the first. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      int next = in.read();
      if (next < 0) {
        if (head.length() == 0) {
          return "";
        }
        throw new EOFException("in a head: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  public String bytes(int count) throws IOException {
    byte[] read = in.readNBytes(count);
    return new String(read, StandardCharsets.ISO_8859_1);
  }

  /** The content of a body framed as {@code head} says. */
  public String body(String head) throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    if (lower.contains("\r\ntransfer-encoding: chunked")) {
      return chunked();
    }
    int at = lower.indexOf("\r\ncontent-length: ");
    if (at < 0) {
      return "";
    }
    int from = at + "\r\ncontent-length: ".length();
    return bytes(Integer.parseInt(lower.substring(from, lower.indexOf('\r', from))));
  }

  private String chunked() throws IOException {
    StringBuilder content = new StringBuilder();
    while (true) {
      int size = Integer.parseInt(line(), 16);
      if (size == 0) {
        while (!line().isEmpty()) {}
        return content.toString();
      }
      content.append(bytes(size));
      line();
    }
  }

  public String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("in a line: " + line);
      }
      if (next == '\n') {
        return line.substring(0, line.length() - 1);
      }
      line.append((char) next);
    }
  }

  /** Head and content of one response or request. */
  public String message() throws IOException {
    String head = head();
    return head + body(head);
  }

  /** All until the other end closes; a reset counts as closing. */
  public String rest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[1 << 16];
    try {
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        all.write(part, 0, count);
      }
    } catch (SocketException reset) {
      // What came before it counts.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** Reads and forgets bytes; returns how many there were until {@code count} or the end. */
  public long skip(long count) throws IOException {
    byte[] part = new byte[1 << 16];
    long read = 0;
    while (read < count) {
      int some = in.read(part, 0, (int) Math.min(part.length, count - read));
      if (some < 0) {
        break;
      }
      read += some;
    }
    return read;
  }

  /** The next byte, -1 at the end; a reset counts as the end. */
  public int read() throws IOException {
    try {
      return in.read();
    } catch (SocketException reset) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
