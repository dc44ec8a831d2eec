package dev.paas.runtime.solve.fetch;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * Which addresses a build may have the daemon connect to: none of this host, of a private network
 * or of a cloud's services (RFC 6890; RFC 6052 and RFC 3056 for IPv6 addresses that stand for IPv4
 * ones).
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
        && NetworkInterface.getByInetAddress(address) == null;
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
}
