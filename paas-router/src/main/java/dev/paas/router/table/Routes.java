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
  private final Map<String, Route> byHost;
  private final Map<String, Upstream> upstreams;

  private Routes(long generation, Map<String, Route> byHost, Map<String, Upstream> upstreams) {
    this.generation = generation;
    this.byHost = byHost;
    this.upstreams = upstreams;
  }

  /** The snapshot of a table that {@link TableRules} accepted. */
  public static Routes of(RouteTable table, Routes before) {
    Map<String, Route> byHost = new HashMap<>();
    Map<String, Upstream> upstreams = new HashMap<>();
    for (var described : table.getRoutesList()) {
      List<Upstream> backends = new ArrayList<>();
      for (Backend backend : described.getBackendsList()) {
        Upstream upstream = before.known(read(described.getApp(), backend));
        upstreams.put(upstream.identity(), upstream);
        backends.add(upstream);
      }
      Route route = new Route(described.getApp(), backends);
      described.getHostsList().forEach(host -> byHost.put(host, route));
    }
    return new Routes(table.getGeneration(), Map.copyOf(byHost), Map.copyOf(upstreams));
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
   * The route of a host: the exact name, or else the wildcard in place of its first label.
   *
   * @param host in the form of {@link HostName}
   */
  public Optional<Route> find(String host) {
    Route exact = byHost.get(host);
    if (exact != null) {
      return Optional.of(exact);
    }
    int dot = host.indexOf('.');
    return dot < 0 ? Optional.empty() : Optional.ofNullable(byHost.get("*" + host.substring(dot)));
  }
}
