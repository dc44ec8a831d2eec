package dev.paas.runtime.registry;

import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLSocketFactory;

/**
 * Which addresses are connected to. Clouds serve credentials at link-local addresses: no registry
 * lives there. And whom a user names must not be a service of the host or of the network that the
 * host stands in, nor may a registry send us to one. The rule is applied to the address that is
 * connected to, too: a name may lead elsewhere when it is looked up again.
 */
final class AddressRule {

  private final String registry;
  private final RegistryReach reach;
  private final RegistryProblems problems;

  /**
   * @param registry the host that the image's name has, without a port
   */
  AddressRule(String registry, RegistryReach reach, RegistryProblems problems) {
    this.registry = registry;
    this.reach = reach;
    this.problems = problems;
  }

  /** Whether a host is called one of this machine, which is spoken to without TLS. */
  static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("127.0.0.1");
  }

  /** Refuses a host that leads to what may not be connected to. */
  void check(URI uri) {
    try {
      String host = uri.getHost() == null ? "" : uri.getHost();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        check(uri, address);
      }
    } catch (UnknownHostException unknown) {
      // A proxy may know it; otherwise the connection says so.
      return;
    }
  }

  private void check(URI uri, InetAddress address) {
    if (reach.allows(uri)) {
      return;
    }
    boolean named = registry.equals(uri.getHost());
    boolean strayLoopback = address.isLoopbackAddress() && !(named && isLoopback(registry));
    if (address.isLinkLocalAddress() || address.isAnyLocalAddress() || strayLoopback) {
      throw problems.failed("its address is not one of a registry");
    }
    if (isPrivate(address) && !(named && reach.named())) {
      throw problems.isPrivate(String.valueOf(uri.getHost()));
    }
  }

  private static boolean isPrivate(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || isPrivate(address.getAddress());
  }

  /** RFC 6598 (carrier-grade NAT), RFC 1122 (this network), RFC 4193 (unique local), RFC 6052. */
  private static boolean isPrivate(byte[] bytes) {
    if (bytes.length == 4) {
      return bytes[0] == 0 || (bytes[0] == 100 && (bytes[1] & 0xc0) == 64);
    }
    boolean uniqueLocal = (bytes[0] & 0xfe) == 0xfc;
    boolean translated = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff;
    return uniqueLocal || translated;
  }

  /** Whether a host is connected to, rather than a proxy, which looks up and connects itself. */
  boolean isDirect(URI uri) {
    ProxySelector selector = ProxySelector.getDefault();
    return selector == null
        || selector.select(uri).stream().allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
  }

  /** Sockets for one host that apply the rule when they connect. */
  CheckedSockets sockets(URI uri, SSLSocketFactory secured) {
    return new CheckedSockets(secured, address -> check(uri, address));
  }
}
