package dev.paas.router.client;

import dev.paas.router.budget.Networks;
import dev.paas.router.http1.BadMessage;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says of its client before the first byte of a connection: the PROXY protocol,
 * version 1 (a line) and 2 (binary).
 *
 * @param length bytes of it; 0: not all has come
 * @param client null when it speaks for itself, or of no address
 * @param secure the client came by TLS
 */
record ProxyHeader(int length, @Nullable InetAddress client, boolean secure) {

  private static final ProxyHeader UNFINISHED = new ProxyHeader(0, null, false);

  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };

  private static final int FIXED = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;

  /** Bytes after the fixed part: addresses and whatever the proxy adds to them. */
  private static final int MAX_REST = 2048;

  private static final int CHECKSUM = 0x03;
  private static final int CRC_BYTES = 4;
  private static final int TLS = 0x20;

  /** A set of flags and the result of a verification, then more fields. */
  private static final int TLS_BYTES = 5;

  private static final int CLIENT_TLS = 1;

  /** Bytes of the longest line of version 1. */
  private static final int MAX_LINE = 107;

  private static final byte[] WORD = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");
  private static final int MAX_PORT = 65_535;

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

  // ---- version 2

  private static ProxyHeader binary(ByteBuf in) throws BadMessage {
    int start = in.readerIndex();
    int command = in.getByte(start + SIGNATURE.length) & 0xff;
    int family = in.getByte(start + SIGNATURE.length + 1) & 0xff;
    int rest = in.getUnsignedShort(start + SIGNATURE.length + 2);
    if ((command != PROXY && command != LOCAL) || rest > MAX_REST) {
      throw malformed("a PROXY header that is not of version 2");
    }
    // Of one that speaks for itself nothing more is looked at.
    int addresses = command == LOCAL ? 0 : addressBytes(family);
    if (rest < addresses) {
      throw malformed("a PROXY header without its addresses");
    }
    if (in.readableBytes() < FIXED + rest) {
      return UNFINISHED;
    }
    if (addresses == 0) {
      return new ProxyHeader(FIXED + rest, null, false);
    }
    boolean secure = readFields(in.slice(start, FIXED + rest), FIXED + addresses);
    int size = family == 0x11 ? 4 : family == 0x21 ? 16 : 0;
    if (size == 0) {
      return new ProxyHeader(FIXED + rest, null, secure);
    }
    byte[] source = new byte[size];
    in.getBytes(start + FIXED, source);
    try {
      return new ProxyHeader(FIXED + rest, InetAddress.getByAddress(source), secure);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** How many bytes the two ends take; 0: they are not told. */
  private static int addressBytes(int family) throws BadMessage {
    return switch (family) {
      case 0x00 -> 0;
      case 0x11, 0x12 -> 2 * 4 + 4; // IPv4, streams and datagrams
      case 0x21, 0x22 -> 2 * 16 + 4; // IPv6
      case 0x31, 0x32 -> 2 * 108; // paths of unix sockets
      default -> throw malformed("a PROXY header of an unknown family");
    };
  }

  /**
   * Reads the fields after the addresses: a type, a length, a value each.
   *
   * @return whether one says that the client came by TLS
   */
  private static boolean readFields(ByteBuf header, int from) throws BadMessage {
    boolean secure = false;
    boolean summed = false;
    boolean described = false;
    int at = from;
    while (at < header.writerIndex()) {
      int value = at + 3;
      int end = fieldEnd(header, at, header.writerIndex());
      int type = header.getByte(at) & 0xff;
      if (type == CHECKSUM) {
        if (summed
            || end - value != CRC_BYTES
            || header.getUnsignedInt(value) != sum(header, value)) {
          throw malformed("a PROXY header whose checksum is wrong");
        }
        summed = true;
      } else if (type == TLS) {
        if (described || end - value < TLS_BYTES) {
          throw malformed("a PROXY header that describes TLS in a broken way");
        }
        described = true;
        secure = (header.getByte(value) & CLIENT_TLS) != 0;
        for (int inner = value + TLS_BYTES; inner < end; ) {
          inner = fieldEnd(header, inner, end);
        }
      }
      at = end;
    }
    return secure;
  }

  private static int fieldEnd(ByteBuf header, int at, int limit) throws BadMessage {
    int end = at + 3 > limit ? limit + 1 : at + 3 + header.getUnsignedShort(at + 1);
    if (end > limit) {
      throw malformed("a PROXY header with a field that is longer than it");
    }
    return end;
  }

  /** The checksum of the header, its own bytes at {@code at} taken as zeros. */
  private static long sum(ByteBuf header, int at) {
    byte[] bytes = new byte[header.writerIndex()];
    header.getBytes(0, bytes);
    Arrays.fill(bytes, at, at + CRC_BYTES, (byte) 0);
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return sum.getValue();
  }

  // ---- version 1

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
    if (!text.endsWith("\r\n")) {
      throw malformed("a PROXY line that ends in LF without CR");
    }
    String[] words = text.substring(0, length - 2).split(" ", -1);
    if (words[1].equals("UNKNOWN")) {
      return new ProxyHeader(length, null, false);
    }
    boolean whole = words.length == 6 && isPort(words[4]) && isPort(words[5]);
    InetAddress client = whole ? address(words[1], words[2]) : null;
    if (client == null || address(words[1], words[3]) == null) {
      throw malformed("a PROXY line without its addresses");
    }
    return new ProxyHeader(length, client, false);
  }

  private static @Nullable InetAddress address(String family, String text) {
    boolean colons = text.indexOf(':') >= 0;
    return family.equals(colons ? "TCP6" : "TCP4") ? Networks.address(text) : null;
  }

  private static boolean isPort(String text) {
    return PORT.matcher(text).matches() && Integer.parseInt(text) <= MAX_PORT;
  }

  private static BadMessage malformed(String what) {
    return new BadMessage(BadMessage.Kind.MALFORMED, what);
  }
}
