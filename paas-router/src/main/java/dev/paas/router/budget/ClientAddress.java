package dev.paas.router.budget;

import java.net.InetAddress;
import java.nio.ByteBuffer;

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
    if (bytes.length == IPV6 && isMapped(bytes)) {
      ByteBuffer last = ByteBuffer.wrap(bytes, IPV6 - IPV4, IPV4);
      String text =
          (bytes[12] & 0xff)
              + "."
              + (bytes[13] & 0xff)
              + "."
              + (bytes[14] & 0xff)
              + "."
              + (bytes[15] & 0xff);
      return new ClientAddress(text, last.getInt());
    }
    if (bytes.length == IPV4) {
      return new ClientAddress(address.getHostAddress(), ByteBuffer.wrap(bytes).getInt());
    }
    return new ClientAddress(address.getHostAddress(), ByteBuffer.wrap(bytes).getLong());
  }

  /** An IPv4 address that a socket of both families shows as {@code ::ffff:192.0.2.1}. */
  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }
}
