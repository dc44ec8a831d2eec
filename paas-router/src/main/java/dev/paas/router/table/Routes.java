package dev.paas.router.table;

import dev.paas.contract.router.Backend;
import dev.paas.contract.router.RouteTable;
import dev.paas.router.balance.Instance;
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
  private final Map<String, Instance> instances;

  private Routes(long generation, Map<String, Route> byHost, Map<String, Instance> instances) {
    this.generation = generation;
    this.byHost = byHost;
    this.instances = instances;
  }

  /** The snapshot of a table that {@link TableRules} accepted. */
  public static Routes of(RouteTable table, Routes before) {
    Map<String, Route> byHost = new HashMap<>();
    Map<String, Instance> instances = new HashMap<>();
    for (var described : table.getRoutesList()) {
      List<Instance> backends = new ArrayList<>();
      for (Backend backend : described.getBackendsList()) {
        Instance instance = before.known(read(described.getApp(), backend));
        instances.put(instance.identity(), instance);
        backends.add(instance);
      }
      Route route = new Route(described.getApp(), backends);
      described.getHostsList().forEach(host -> byHost.put(host, route));
    }
    return new Routes(table.getGeneration(), Map.copyOf(byHost), Map.copyOf(instances));
  }

  private static Instance read(String app, Backend backend) {
    InetSocketAddress address =
        new InetSocketAddress(TableRules.address(backend.getAddress()), backend.getPort());
    String label = backend.getLabel().isEmpty() ? backend.getInstance() : backend.getLabel();
    return new Instance(app, backend.getInstance(), label, address);
  }

  private Instance known(Instance described) {
    Instance known = instances.get(described.identity());
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

  public Collection<Instance> instances() {
    return instances.values();
  }

  /** Whether this very object is in the table. */
  public boolean has(Instance instance) {
    return instances.get(instance.identity()) == instance;
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
