package dev.paas.router.table;

import dev.paas.contract.router.Backend;
import dev.paas.contract.router.RouteTable;
import dev.paas.router.balance.Upstream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One generation of the route table, immutable. An instance that was in the table before is the
 * same object, with the count of what it carries.
 */
public final class Routes {

  /** Before any table was ever received. */
  public static final Routes NONE = new Routes(0, Map.of(), Map.of());

  private final long generation;
  private final Map<String, Site> sites;
  private final Map<String, Upstream> upstreams;

  private Routes(long generation, Map<String, Site> sites, Map<String, Upstream> upstreams) {
    this.generation = generation;
    this.sites = sites;
    this.upstreams = upstreams;
  }

  /** The snapshot of a table that {@link TableRules} accepted. */
  public static Routes of(RouteTable table, Routes before) {
    Map<String, Site> sites = new HashMap<>();
    Map<String, Upstream> upstreams = new HashMap<>();
    for (var described : table.getRoutesList()) {
      List<Upstream> backends = new ArrayList<>();
      for (Backend backend : described.getBackendsList()) {
        Upstream upstream = before.known(read(described.getApp(), backend));
        upstreams.put(upstream.identity(), upstream);
        backends.add(upstream);
      }
      Route route = new Route(described.getApp(), backends);
      for (var site : TableRules.sites(described)) {
        sites.put(site.getHost(), new Site(route, challenges(site), site.getHttpsPort()));
      }
    }
    return new Routes(table.getGeneration(), Map.copyOf(sites), Map.copyOf(upstreams));
  }

  private static Map<String, String> challenges(dev.paas.contract.router.Site site) {
    Map<String, String> challenges = new HashMap<>();
    site.getChallengesList()
        .forEach(challenge -> challenges.put(challenge.getToken(), challenge.getAnswer()));
    return challenges;
  }

  private static Upstream read(String app, Backend backend) {
    InetSocketAddress address =
        new InetSocketAddress(TableRules.address(backend.getAddress()), backend.getPort());
    String label = backend.getLabel().isEmpty() ? backend.getInstance() : backend.getLabel();
    return new Upstream(app, backend.getInstance(), label, address);
  }

  private Upstream known(Upstream described) {
    Upstream known = upstreams.get(described.identity());
    if (known == null || !known.sameAs(described)) {
      return described;
    }
    known.renamed(described.id());
    return known;
  }

  /** The generation that the control plane gave it; 0 for {@link #NONE}. */
  public long generation() {
    return generation;
  }

  public Collection<Upstream> upstreams() {
    return upstreams.values();
  }

  /** Whether this very object is in the table. */
  public boolean has(Upstream upstream) {
    return upstreams.get(upstream.identity()) == upstream;
  }

  /**
   * The site of a host: the exact name, or else the wildcard in place of its first label.
   *
   * @param host in the form of {@link HostName}
   */
  public Optional<Site> find(String host) {
    Site exact = sites.get(host);
    if (exact != null) {
      return Optional.of(exact);
    }
    int dot = host.indexOf('.');
    return dot < 0 ? Optional.empty() : Optional.ofNullable(sites.get("*" + host.substring(dot)));
  }
}
