package dev.paas.router.budget;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Who a client is, as far as its address tells.
 *
 * @param text as logs and instances are told
 * @param holder whose share it uses: equal for all addresses that one subscriber has, which is a
 *     /64 of IPv6
 */
public record ClientAddress(String text, Object holder) {

  /** A client without an address. */
  public static final ClientAddress UNKNOWN = new ClientAddress("", "");

  private static final int IPV4 = 4;
  private static final int IPV6 = 16;

  public static ClientAddress of(InetAddress address) {
    byte[] bytes = address.getAddress();
    byte[] plain = plain(bytes);
    if (plain.length == IPV4) {
      String text =
          bytes.length == IPV4
              ? address.getHostAddress()
              : (plain[0] & 0xff)
                  + "."
                  + (plain[1] & 0xff)
                  + "."
                  + (plain[2] & 0xff)
                  + "."
                  + (plain[3] & 0xff);
      return new ClientAddress(text, ByteBuffer.wrap(plain).getInt());
    }
    return new ClientAddress(address.getHostAddress(), ByteBuffer.wrap(bytes).getLong());
  }

  /** An IPv4 address that a socket of both families shows as {@code ::ffff:192.0.2.1} as such. */
  static byte[] plain(byte[] bytes) {
    if (bytes.length != IPV6 || bytes[10] != -1 || bytes[11] != -1) {
      return bytes;
    }
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return bytes;
      }
    }
    return Arrays.copyOfRange(bytes, IPV6 - IPV4, IPV6);
  }
}
