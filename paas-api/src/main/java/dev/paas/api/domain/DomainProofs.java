package dev.paas.api.domain;

import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the domain name system says about a claim: that the host is here, or that whoever rules the
 * zone knows the claim's challenge.
 */
@ApplicationScoped
class DomainProofs {

  private static final Logger LOG = LoggerFactory.getLogger(DomainProofs.class);

  private final NameServer server;
  private final List<String> addresses;

  DomainProofs(PlatformSettings settings) {
    this.server = new NameServer(settings.domains().resolver(), settings.domains().lookupTimeout());
    this.addresses = settings.domains().addresses();
  }

  /** {@code txt} or {@code dns}; empty when neither says so, or nothing answers. */
  Optional<String> of(Domain claim) {
    if (ask(claim.record(), DnsMessage.Type.TXT).contains(claim.challenge())) {
      return Optional.of("txt");
    }
    Set<InetAddress> here = here();
    return Stream.of(DnsMessage.Type.A, DnsMessage.Type.AAAA)
            .flatMap(type -> ask(claim.host(), type).stream())
            .map(DomainProofs::literal)
            .anyMatch(here::contains)
        ? Optional.of("dns")
        : Optional.empty();
  }

  private List<String> ask(String name, DnsMessage.Type type) {
    try {
      return server.ask(name, type);
    } catch (IOException unanswered) {
      LOG.atDebug()
          .addKeyValue("name", name)
          .addKeyValue("type", type)
          .addKeyValue("answer", String.valueOf(unanswered.getMessage()))
          .log("no answer about a name");
      return List.of();
    }
  }

  /** The address that a literal is: nothing is looked up. */
  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("no address: " + address, impossible);
    }
  }

  /** Those of the setting, or those of the interfaces that others can reach. */
  private Set<InetAddress> here() {
    Set<InetAddress> here = new HashSet<>();
    addresses.forEach(address -> here.add(literal(address)));
    return here.isEmpty() ? ofInterfaces() : here;
  }

  private static Set<InetAddress> ofInterfaces() {
    Set<InetAddress> here = new HashSet<>();
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InetAddress address : Collections.list(each.getInetAddresses())) {
          if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
            // Without the scope that an interface gives it, so that it equals that of a record.
            here.add(InetAddress.getByAddress(address.getAddress()));
          }
        }
      }
    } catch (SocketException | UnknownHostException unreadable) {
      throw new IllegalStateException("the addresses of this host can't be read", unreadable);
    }
    return here;
  }
}
