package dev.paas.api.domain;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Questions and answers of the domain name system (RFC 1035 §4, RFC 6891); pure. */
final class DnsMessage {

  /** The most that is read of an answer, and what the server is told of it. */
  static final int MAX_BYTES = 4096;

  private static final int HEADER = 12;
  private static final int RECURSE = 0x0100;
  private static final int ANSWER = 0x8000;
  private static final int TRUNCATED = 0x0200;
  private static final int CODE = 0x000f;
  private static final int NO_SUCH_NAME = 3;
  private static final int IN = 1;
  private static final int OPTIONS = 41;
  private static final int POINTER = 0xc0;

  /** The types that are asked for. */
  enum Type {
    A(1),
    TXT(16),
    AAAA(28);

    private final int number;

    Type(int number) {
      this.number = number;
    }
  }

  private DnsMessage() {}

  /**
   * @param name labels of at most 63 characters, 253 altogether: a host, or a label before one
   */
  static byte[] question(int id, String name, Type type) {
    ByteBuffer out = ByteBuffer.allocate(512);
    out.putShort((short) id).putShort((short) RECURSE);
    out.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 1);
    for (String label : name.split("\\.", -1)) {
      byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
      out.put((byte) bytes.length).put(bytes);
    }
    out.put((byte) 0).putShort((short) type.number).putShort((short) IN);
    // Answers may be longer than 512 bytes.
    out.put((byte) 0).putShort((short) OPTIONS).putShort((short) MAX_BYTES).putInt(0);
    out.putShort((short) 0);
    return Arrays.copyOf(out.array(), out.position());
  }

  /**
   * What the answer says, whichever name at the end of aliases it says it of.
   *
   * @throws IOException when it is no answer to the question, or says that there was none
   */
  static List<String> answers(byte[] question, byte[] message, int length, Type type)
      throws IOException {
    try {
      ByteBuffer in = ByteBuffer.wrap(message, 0, length);
      int id = in.getShort();
      int flags = in.getShort();
      int questions = in.getShort() & 0xffff;
      int records = in.getShort() & 0xffff;
      in.position(HEADER);
      if (id != (short) ((question[0] & 0xff) << 8 | (question[1] & 0xff))
          || (flags & ANSWER) == 0
          || questions != 1) {
        throw new IOException("not an answer to this question");
      }
      int code = flags & CODE;
      if (code == NO_SUCH_NAME) {
        return List.of();
      }
      if (code != 0 || (flags & TRUNCATED) != 0) {
        throw new IOException("the name server answered with code " + code);
      }
      skipName(in);
      in.position(in.position() + 4);
      List<String> values = new ArrayList<>();
      for (int i = 0; i < records; i++) {
        skipName(in);
        int found = in.getShort() & 0xffff;
        int space = in.getShort() & 0xffff;
        in.position(in.position() + 4);
        byte[] data = new byte[in.getShort() & 0xffff];
        in.get(data);
        if (found == type.number && space == IN) {
          values.add(value(type, data));
        }
      }
      return values;
    } catch (BufferUnderflowException | IllegalArgumentException cut) {
      throw new IOException("the answer is not whole", cut);
    }
  }

  /** A name ends with an empty label or with a pointer, which nobody needs to follow here. */
  private static void skipName(ByteBuffer in) {
    int length = in.get() & 0xff;
    while (length > 0) {
      if ((length & POINTER) == POINTER) {
        in.position(in.position() + 1);
        return;
      }
      in.position(in.position() + length);
      length = in.get() & 0xff;
    }
  }

  private static String value(Type type, byte[] data) throws IOException {
    if (type != Type.TXT) {
      return InetAddress.getByAddress(data).getHostAddress();
    }
    // Pieces of at most 255 bytes are one text.
    StringBuilder text = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(data);
    while (in.hasRemaining()) {
      byte[] piece = new byte[in.get() & 0xff];
      in.get(piece);
      text.append(new String(piece, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }
}
