package dev.paas.router.proxy;

import dev.paas.router.budget.Networks;
import dev.paas.router.http1.BadMessage;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says of its client before the first byte of a connection: the PROXY protocol,
 * version 1 (a line) and 2 (binary).
 *
 * @param length bytes of it; 0: not all has come
 * @param client null when it speaks for itself, or of no address
 */
record ProxyHeader(int length, @Nullable InetAddress client) {

  private static final ProxyHeader UNFINISHED = new ProxyHeader(0, null);

  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };

  private static final int FIXED = 16;
  private static final int VERSION_2 = 2;
  private static final int TCP_4 = 0x11;
  private static final int TCP_6 = 0x21;

  /** Bytes after the fixed part: addresses and whatever the proxy adds to them. */
  private static final int MAX_REST = 2048;

  /** Bytes of the longest line of version 1. */
  private static final int MAX_LINE = 107;

  private static final byte[] WORD = "PROXY ".getBytes(StandardCharsets.US_ASCII);

  /** Reads what {@code in} begins with, and leaves it there. */
  static ProxyHeader of(ByteBuf in) throws BadMessage {
    if (begins(in, SIGNATURE)) {
      return in.readableBytes() < FIXED ? UNFINISHED : binary(in);
    }
    if (begins(in, WORD)) {
      return line(in);
    }
    throw malformed("no PROXY header from a trusted proxy");
  }

  /** Whether what has come of them are the bytes of {@code wanted}. */
  private static boolean begins(ByteBuf in, byte[] wanted) {
    for (int i = 0; i < Math.min(wanted.length, in.readableBytes()); i++) {
      if (in.getByte(in.readerIndex() + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static ProxyHeader binary(ByteBuf in) throws BadMessage {
    int start = in.readerIndex();
    int command = in.getByte(start + SIGNATURE.length) & 0xff;
    int family = in.getByte(start + SIGNATURE.length + 1) & 0xff;
    int rest = in.getUnsignedShort(start + SIGNATURE.length + 2);
    if (command >> 4 != VERSION_2 || (command & 0xf) > 1 || rest > MAX_REST) {
      throw malformed("a PROXY header that is not of version 2");
    }
    if (in.readableBytes() < FIXED + rest) {
      return UNFINISHED;
    }
    int size = family == TCP_4 ? 4 : family == TCP_6 ? 16 : 0;
    if ((command & 0xf) == 0 || size == 0) {
      return new ProxyHeader(FIXED + rest, null);
    }
    if (rest < 2 * size + 4) {
      throw malformed("a PROXY header without its addresses");
    }
    byte[] source = new byte[size];
    in.getBytes(start + FIXED, source);
    try {
      return new ProxyHeader(FIXED + rest, InetAddress.getByAddress(source));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static ProxyHeader line(ByteBuf in) throws BadMessage {
    int searched = Math.min(in.readableBytes(), MAX_LINE);
    int end = in.indexOf(in.readerIndex(), in.readerIndex() + searched, (byte) '\n');
    if (end < 0) {
      if (searched == MAX_LINE) {
        throw malformed("a PROXY line that does not end");
      }
      return UNFINISHED;
    }
    int length = end + 1 - in.readerIndex();
    String text = in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1);
    String[] words = text.strip().split(" ", -1);
    if (!text.endsWith("\r\n")) {
      throw malformed("a PROXY line that ends in LF without CR");
    }
    if (words.length > 1 && words[1].equals("UNKNOWN")) {
      return new ProxyHeader(length, null);
    }
    InetAddress client =
        words.length == 6 && words[1].matches("TCP[46]") ? Networks.address(words[2]) : null;
    if (client == null) {
      throw malformed("a PROXY line without its addresses");
    }
    return new ProxyHeader(length, client);
  }

  private static BadMessage malformed(String what) {
    return new BadMessage(BadMessage.Kind.MALFORMED, what);
  }
}
