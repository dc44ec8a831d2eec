package dev.paas.runtime.solve.fetch;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;

/**
 * Which addresses a build may have the daemon connect to, as the firewall says it of the build's
 * own processes: none of this host or of a network that it is in, of a private network or of a
 * cloud's services (RFC 6890; RFC 6052 and RFC 3056 for IPv6 addresses that stand for IPv4 ones).
 */
final class PublicAddresses {

  private PublicAddresses() {}

  static boolean has(InetAddress address) throws SocketException {
    boolean special =
        address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress();
    byte[] bytes = address.getAddress();
    return !special
        && !(bytes.length == 4 ? isReserved(bytes) : isReservedOrTranslated(bytes))
        && !isNear(bytes);
  }

  private static boolean isReserved(byte[] a) {
    int first = a[0] & 0xff;
    int second = a[1] & 0xff;
    return first == 0
        || first >= 224
        || (first == 100 && (second & 0xc0) == 64)
        || (first == 168 && second == 63 && (a[2] & 0xff) == 129 && a[3] == 16)
        || (first == 192 && second == 0 && a[2] == 0)
        || (first == 198 && (second & 0xfe) == 18);
  }

  private static boolean isReservedOrTranslated(byte[] a) {
    int first = ((a[0] & 0xff) << 8) | (a[1] & 0xff);
    int second = ((a[2] & 0xff) << 8) | (a[3] & 0xff);
    boolean uniqueLocal = (first & 0xfe00) == 0xfc00;
    boolean translated = (first == 0x64 && second == 0xff9b) || first == 0x2002;
    boolean ietf = first == 0x2001 && (second & 0xfe00) == 0;
    return uniqueLocal || translated || ietf || first == 0;
  }

  /** Whether it is an address of this host, or of a network that one of its links is in. */
  private static boolean isNear(byte[] address) throws SocketException {
    for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InterfaceAddress own : link.getInterfaceAddresses()) {
        byte[] near = own.getAddress().getAddress();
        int bits = own.getNetworkPrefixLength();
        if (near.length == address.length
            && sharePrefix(near, address, bits <= 0 ? near.length * 8 : bits)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the first bits of two addresses are the same. */
  static boolean sharePrefix(byte[] a, byte[] b, int bits) {
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (a[i] != b[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) & 0xff) >> (8 - rest) == 0;
  }
}
