package dev.paas.runtime.network;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps in place what separates instances from each other and from this host. */
public final class FilterKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(FilterKeeper.class);

  private final Firewall firewall;
  private final InstanceLinks links;
  private final AddressRange range;
  private final List<RouterDoor> router;

  public FilterKeeper(
      Firewall firewall, InstanceLinks links, AddressRange range, List<RouterDoor> router) {
    this.firewall = firewall;
    this.links = links;
    this.range = range;
    this.router = List.copyOf(router);
  }

  /** Puts it in place for the links that are there. */
  public void install() throws IOException {
    List<Link> there = links.reserved().keySet().stream().map(links::link).toList();
    firewall.install(range, router, there);
    links.holdRange();
    links.allowForwarding();
  }

  /** Puts back what somebody took away. */
  public void keep() throws IOException {
    if (firewall.restore()) {
      LOG.atWarn().log("packet filter was changed, rules are in place again");
    }
    if (links.allowForwarding()) {
      LOG.atWarn().log("forwarding of packets was turned off, it is on again");
    }
  }
}
