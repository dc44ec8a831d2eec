package dev.paas.runtime.network;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.runtime.linux.KernelException;
import dev.paas.runtime.linux.network.Netlink;
import dev.paas.runtime.linux.network.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Links of instances: a routed veth pair each, with one address and no neighbours. A place is a
 * number in the platform's range: it gives the address and the link's name, so that a retry finds
 * its own work.
 */
public final class InstanceLinks {

  private static final Path LINKS = Path.of("/sys/class/net");

  /**
   * A number that nothing else in a fresh namespace has: tunnels' fallback devices count from 2.
   */
  private static final int PEER_INDEX = 1000;

  private static final Path FORWARDING_NOTES = Path.of("/run/paas-forwarding");

  /** Beyond what the kernel counts up to by itself. */
  private static final int INDEX_BASE = 0x40000000;

  private final String platform;
  private final AddressRange range;
  private final Firewall firewall;
  private final Forwarding forwarding;

  /** The name of the container that each place was reserved for. Guarded by this. */
  private final Map<Integer, String> taken = new HashMap<>();

  private int next = AddressRange.FIRST_PLACE;

  public InstanceLinks(String platform, AddressRange range, Firewall firewall) {
    this.platform = platform;
    this.range = range;
    this.firewall = firewall;
    this.forwarding = new Forwarding(FORWARDING_NOTES, platform);
  }

  static String prefix(String platform) {
    return "v" + platform + "-";
  }

  public Link link(int place) {
    return new Link(prefix(platform) + String.format("%04x", place), range.address(place));
  }

  /**
   * Reserves a place; round robin, so that an address rests as long as possible before it is used
   * again.
   *
   * @param owner the container's name; one that has a place keeps it
   */
  public synchronized int reserve(String owner) {
    for (Map.Entry<Integer, String> place : taken.entrySet()) {
      if (place.getValue().equals(owner)) {
        return place.getKey();
      }
    }
    for (int tried = 0; tried < range.places(); tried++) {
      int place = next;
      next = next + 1 < range.places() ? next + 1 : AddressRange.FIRST_PLACE;
      if (taken.putIfAbsent(place, owner) == null) {
        return place;
      }
    }
    throw Problem.of(
            Kind.EXHAUSTED,
            "network.full",
            "Every address of the platform's range is in use",
            range.toString(),
            "Stop instances, or set runtime.network to a larger range.")
        .asException();
  }

  /** Reserves the place of an instance that is already there. */
  public synchronized void adopt(int place, String owner) {
    taken.put(place, owner);
  }

  public synchronized void release(int place) {
    taken.remove(place);
  }

  /** The places that are reserved, and for whom. */
  public synchronized Map<Integer, String> reserved() {
    return Map.copyOf(taken);
  }

  /** Whether the link of a place is on this host. */
  public boolean present(int place) {
    return Files.exists(LINKS.resolve(link(place).name()));
  }

  /** Links of this platform at places that nobody reserved. */
  public synchronized List<String> unreserved() throws IOException {
    List<String> left = new ArrayList<>(names());
    taken.keySet().forEach(place -> left.remove(link(place).name()));
    return left;
  }

  /** What the packet filter admits although nobody reserved its place. */
  public synchronized List<Link> admittedUnreserved() throws IOException {
    Set<Link> left = new HashSet<>(firewall.elements());
    taken.keySet().forEach(place -> left.remove(link(place)));
    return List.copyOf(left);
  }

  /** Removes both; a place can't be reserved meanwhile. */
  public synchronized void removeUnreserved() throws IOException {
    for (String name : unreserved()) {
      delete(name);
    }
    for (Link link : admittedUnreserved()) {
      firewall.dismiss(link);
    }
  }

  /** Gives the network namespace of a process its link, address and routes. */
  public void attach(int place, int pid) throws IOException {
    Link link = link(place);
    try (NetworkNamespace inside = NetworkNamespace.of(pid);
        Netlink host = Netlink.open();
        Netlink peer = inside.netlink()) {
      int index = index(link);
      host.addVethPair(link.name(), index, "eth0", PEER_INDEX, inside);
      host.up(index).addAddress(index, range.gateway());
      host.addHostRoute(index, link.address(), range.gateway()).send();
      disableIpv6(link.name());
      peer.up(1).up(PEER_INDEX).addAddress(PEER_INDEX, link.address());
      peer.addHostRoute(PEER_INDEX, range.gateway(), link.address());
      peer.addDefaultRoute(PEER_INDEX, range.gateway()).send();
    }
    firewall.admit(link);
  }

  // Of the address, which is unique on a host: names nothing else, and needs no question
  // afterwards.
  private static int index(Link link) {
    byte[] address = link.address().getAddress();
    return INDEX_BASE | ((address[1] & 255) << 16) | ((address[2] & 255) << 8) | (address[3] & 255);
  }

  /** Gives the network namespace of a process nothing but its loopback. */
  public void loopback(int pid) throws IOException {
    try (NetworkNamespace inside = NetworkNamespace.of(pid);
        Netlink peer = inside.netlink()) {
      peer.up(1).send();
    }
  }

  private static void disableIpv6(String link) throws IOException {
    Path file = Path.of("/proc/sys/net/ipv6/conf", link, "disable_ipv6");
    if (Files.exists(file)) {
      Files.write(file, "1".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    }
  }

  /** Removes a link at once, whatever still uses it; an absent one is a success. */
  public void detach(int place) throws IOException {
    delete(link(place).name());
    firewall.dismiss(link(place));
  }

  /** The names of all links of this platform, in use or left over. */
  public List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(LINKS)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith(prefix(platform)))
          .toList();
    }
  }

  /** Removes a link by its name; an absent one is a success. */
  public void delete(String name) throws IOException {
    OptionalInt index = Netlink.index(name);
    if (index.isEmpty()) {
      return;
    }
    try (Netlink host = Netlink.open()) {
      host.deleteLink(index.getAsInt()).send();
    } catch (KernelException gone) {
      if (gone.errno() != KernelException.ENODEV) {
        throw gone;
      }
    }
  }

  /**
   * Keeps what is meant for an instance on this host: an address that no instance has now, because
   * it has just ended, is unreachable. Otherwise its requests would leave by the default route.
   */
  void holdRange() throws IOException {
    try (Netlink host = Netlink.open()) {
      host.addUnreachable(range.first(), range.prefix()).send();
    }
  }

  /** Takes that and {@link #allowForwarding} back; absent is a success. */
  public void releaseRange() throws IOException {
    forwarding.release();
    try (Netlink host = Netlink.open()) {
      host.deleteUnreachable(range.first(), range.prefix()).send();
    } catch (KernelException absent) {
      if (absent.errno() != KernelException.ESRCH) {
        throw absent;
      }
    }
  }

  /**
   * Lets the host pass packets on (ip_forward); instances reach nothing without it.
   *
   * @return whether it did not
   */
  public boolean allowForwarding() throws IOException {
    return forwarding.allow();
  }
}
