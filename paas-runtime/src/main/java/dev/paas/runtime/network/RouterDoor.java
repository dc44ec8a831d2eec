package dev.paas.runtime.network;

import dev.paas.base.settings.ListenAddress;
import dev.paas.base.settings.ListenAddresses;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where instances reach the router: at one address of the host, or at all of them.
 *
 * @param address empty: all
 */
public record RouterDoor(Optional<Inet4Address> address, int port) {

  /**
   * Those of a router that listens there. Instances speak IPv4 and have a loopback of their own: an
   * address of IPv6 or of loopback is none to them. A port that the kernel chooses is not known.
   * Looks names up; one that has no address is none, as the router can't listen there either.
   */
  public static List<RouterDoor> of(ListenAddresses addresses) {
    return addresses.all().stream()
        .filter(address -> address.port() > 0)
        .flatMap(RouterDoor::of)
        .distinct()
        .toList();
  }

  private static Stream<RouterDoor> of(ListenAddress listened) {
    InetAddress address = listened.resolved().getAddress();
    if (address == null || address.isLoopbackAddress()) {
      return Stream.empty();
    }
    if (address.isAnyLocalAddress()) {
      // Linux takes [::] for IPv4 as well.
      return Stream.of(new RouterDoor(Optional.empty(), listened.port()));
    }
    return address instanceof Inet4Address one
        ? Stream.of(new RouterDoor(Optional.of(one), listened.port()))
        : Stream.empty();
  }

  /** The rule that admits instances, as nft(8) reads and prints it. */
  String rule() {
    String there = address.map(one -> "ip daddr " + one.getHostAddress() + " ").orElse("");
    return there + "tcp dport " + port + " accept";
  }
}
