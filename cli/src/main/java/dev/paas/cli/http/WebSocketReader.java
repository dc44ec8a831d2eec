package dev.paas.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads what a WebSocket's server sends (RFC 6455 §5): puts messages together of their frames, with
 * control frames between them, and takes nothing that the protocol forbids.
 */
final class WebSocketReader {

  /** Longest message in bytes: sixteen times what the platform sends at once. */
  static final int LONGEST = 1 << 20;

  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int OPCODE = 0x0F;
  private static final int CONTROL = 0x8;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7F;
  private static final int CONTINUATION = 0x0;
  private static final int LENGTH_OF_16_BITS = 126;
  private static final int LENGTH_OF_64_BITS = 127;
  private static final int LONGEST_CONTROL = 125;

  /** A close without a status counts as this one (RFC 6455 §7.1.5). */
  private static final int NO_STATUS = 1000;

  private final InputStream in;
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

  /** Of the message whose first frames have come; {@link #CONTINUATION} for none. */
  private int begun = CONTINUATION;

  WebSocketReader(InputStream in) {
    this.in = in;
  }

  /** The server does not keep to the protocol. */
  static final class MalformedException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedException(String what) {
      super(what);
    }
  }

  /** A whole message, or a control frame. */
  @SuppressWarnings("ArrayRecordComponent") // It is handed on once, and nobody compares it.
  record Message(int opcode, byte[] content) {

    /** Of a close: what is answered. */
    int closeCode() {
      return content.length >= 2 ? ((content[0] & 0xff) << 8) | (content[1] & 0xff) : NO_STATUS;
    }
  }

  /**
   * Waits for the next.
   *
   * @throws EOFException when the connection ends before
   * @throws MalformedException when it is none
   */
  Message next() throws IOException {
    while (true) {
      int head = octet();
      int opcode = head & OPCODE;
      boolean last = (head & FIN) != 0;
      if ((head & RESERVED) != 0) {
        throw new MalformedException("the server uses an extension that nobody asked for");
      }
      int length = length(octet(), opcode, last);
      byte[] content = in.readNBytes(length);
      if (content.length < length) {
        throw new EOFException("the server closed the connection");
      }
      if (opcode >= CONTROL) {
        if (opcode > WebSocketConnection.PONG) {
          throw new MalformedException("the server sent a frame of an unknown kind: " + opcode);
        }
        return new Message(opcode, content);
      }
      join(opcode, content);
      if (last) {
        Message whole = new Message(begun, parts.toByteArray());
        begun = CONTINUATION;
        parts.reset();
        return whole;
      }
    }
  }

  private void join(int opcode, byte[] content) throws MalformedException {
    boolean continues = opcode == CONTINUATION;
    if (continues == (begun == CONTINUATION)) {
      throw new MalformedException("the server sent the parts of a message out of order");
    }
    if (!continues) {
      if (opcode > WebSocketConnection.BINARY) {
        throw new MalformedException("the server sent a frame of an unknown kind: " + opcode);
      }
      begun = opcode;
    }
    if (parts.size() + content.length > LONGEST) {
      throw new MalformedException("a message of the server is too long");
    }
    parts.writeBytes(content);
  }

  private int length(int octet, int opcode, boolean last) throws IOException {
    if ((octet & MASKED) != 0) {
      throw new MalformedException("the server sent a masked frame");
    }
    long length = octet & LENGTH;
    boolean control = opcode >= CONTROL;
    if (control && (length > LONGEST_CONTROL || !last)) {
      throw new MalformedException("the server sent a control frame that is too long or in parts");
    }
    if (length == LENGTH_OF_16_BITS) {
      length = number(2);
    } else if (length == LENGTH_OF_64_BITS) {
      length = number(8);
    }
    if (length < 0 || length > LONGEST) {
      throw new MalformedException("a message of the server is too long");
    }
    return (int) length;
  }

  private long number(int octets) throws IOException {
    long number = 0;
    for (int i = 0; i < octets; i++) {
      number = (number << 8) | octet();
    }
    return number;
  }

  private int octet() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new EOFException("the server closed the connection");
    }
    return octet;
  }
}
