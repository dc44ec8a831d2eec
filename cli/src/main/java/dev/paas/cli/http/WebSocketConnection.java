package dev.paas.cli.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of version 13 (RFC 6455) as its client. Why our own:
 * docs/decisions/031-the-command-speaks-websocket-itself.md. One thread reads, any may write.
 */
public final class WebSocketConnection implements Closeable {

  /** These are of RFC 6455 §7.4.1. */
  public static final int NORMAL = 1000;

  public static final int GOING_AWAY = 1001;
  private static final int PROTOCOL_ERROR = 1002;

  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  /** RFC 6455 §1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** For the server's side of a close. */
  private static final int PATIENCE_MILLIS = 2000;

  private static final int KEY_BYTES = 16;
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int SHORT = 125;
  private static final int LENGTH_OF_16_BITS = 126;
  private static final int MASK_BYTES = 4;

  private final HttpExchange exchange;
  private final OutputStream out;
  private final WebSocketReader reader;
  private final SecureRandom random;
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicReference<byte @Nullable []> owedPong = new AtomicReference<>();

  /** Guarded by this. */
  private boolean closing;

  private WebSocketConnection(HttpExchange exchange, SecureRandom random) {
    this.exchange = exchange;
    this.out = exchange.out();
    this.reader = new WebSocketReader(exchange.in());
    this.random = random;
  }

  /**
   * Asks for one.
   *
   * @throws ApiProblem when the server answers otherwise: its own problem
   */
  static WebSocketConnection open(HttpExchange exchange, URI target, Map<String, String> headers)
      throws IOException, ApiProblem {
    SecureRandom random = new SecureRandom();
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    String key = Base64.getEncoder().encodeToString(bytes);
    headers.put("Upgrade", "websocket");
    headers.put("Sec-WebSocket-Version", "13");
    headers.put("Sec-WebSocket-Key", key);
    String refusal = exchange.upgrade(target, headers);
    if (refusal != null) {
      throw ApiProblem.answer(exchange.status(), refusal);
    }
    if (!accepts(key).equals(exchange.accepted())) {
      throw new IOException("the server does not speak WebSocket");
    }
    return new WebSocketConnection(exchange, random);
  }

  /** What a server makes of a client's key (RFC 6455 §4.2.2). */
  static String accepts(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Waits for a binary message; null when the server has closed. Answers pings meanwhile. */
  public byte @Nullable [] next() throws IOException {
    while (true) {
      WebSocketReader.Message message;
      try {
        message = reader.next();
      } catch (WebSocketReader.MalformedException malformed) {
        close(PROTOCOL_ERROR);
        throw malformed;
      }
      switch (message.opcode()) {
        case BINARY -> {
          return message.content();
        }
        case PING -> {
          owedPong.set(message.content());
          payPong();
        }
        case PONG -> {}
        case CLOSE -> {
          close(message.closeCode());
          return null;
        }
        default -> {
          close(PROTOCOL_ERROR);
          throw new IOException("the server sent a text");
        }
      }
    }
  }

  public void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    send(TEXT, bytes, bytes.length);
  }

  /**
   * Sends a binary message.
   *
   * @param length so many of the bytes, from the first on
   */
  public void binary(byte[] message, int length) throws IOException {
    send(BINARY, message, length);
  }

  private void send(int opcode, byte[] content, int length) throws IOException {
    writing.lock();
    try {
      write(opcode, content, length);
    } finally {
      writing.unlock();
    }
    payPong();
  }

  /**
   * Answers the latest ping (RFC 6455 §5.5.3), unless somebody is writing, who does it then: the
   * reader must go on reading while a server that reads nothing holds up what is written.
   */
  private void payPong() throws IOException {
    while (owedPong.get() != null && writing.tryLock()) {
      try {
        byte[] pong = owedPong.getAndSet(null);
        if (pong != null) {
          write(PONG, pong, pong.length);
        }
      } finally {
        writing.unlock();
      }
    }
  }

  /** By whoever holds the lock. */
  private void write(int opcode, byte[] content, int length) throws IOException {
    if (closing) {
      return; // after a close nothing is sent (RFC 6455 §5.5.1)
    }
    closing = opcode == CLOSE;
    byte[] mask = new byte[MASK_BYTES];
    random.nextBytes(mask);
    out.write(frame(opcode, content, length, mask));
    out.flush();
  }

  /** One frame, masked as those of clients are (RFC 6455 §5.3). */
  static byte[] frame(int opcode, byte[] content, int length, byte[] mask) {
    if (length > 0xFFFF) {
      throw new IllegalArgumentException("messages of this client are shorter than " + length);
    }
    int head = length <= SHORT ? 2 : 4;
    byte[] frame = new byte[head + MASK_BYTES + length];
    frame[0] = (byte) (FIN | opcode);
    if (length <= SHORT) {
      frame[1] = (byte) (MASKED | length);
    } else {
      frame[1] = (byte) (MASKED | LENGTH_OF_16_BITS);
      frame[2] = (byte) (length >> 8);
      frame[3] = (byte) length;
    }
    System.arraycopy(mask, 0, frame, head, MASK_BYTES);
    for (int i = 0; i < length; i++) {
      frame[head + MASK_BYTES + i] = (byte) (content[i] ^ mask[i % MASK_BYTES]);
    }
    return frame;
  }

  /**
   * Says that nothing more will be sent, and why; {@link #next} goes on until the server agrees.
   */
  public void close(int code) throws IOException {
    send(CLOSE, new byte[] {(byte) (code >> 8), (byte) code}, 2);
  }

  /**
   * As {@link #close(int)}, unless somebody is writing, who may have to wait for the server.
   *
   * @return whether it was said
   */
  public boolean offerClose(int code) throws IOException {
    if (!writing.tryLock()) {
      return false;
    }
    try {
      write(CLOSE, new byte[] {(byte) (code >> 8), (byte) code}, 2);
      return true;
    } finally {
      writing.unlock();
    }
  }

  /**
   * As {@link #close(int)}, and waits a moment until the server has heard it: a connection that is
   * cut while something waits to be read may take the last word with it.
   */
  public void hangUp(int code) throws IOException {
    close(code);
    exchange.readTimeout(PATIENCE_MILLIS);
    try {
      while (reader.next().opcode() != CLOSE) {}
    } catch (IOException silent) {
      // It has had its time.
    }
  }

  /** Cuts the connection, without a word if there was none yet. */
  @Override
  public void close() throws IOException {
    exchange.close();
  }
}
