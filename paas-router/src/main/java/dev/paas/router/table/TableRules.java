package dev.paas.router.table;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.router.Backend;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.Site;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a table must be before the router serves it. */
public final class TableRules {

  private static final Pattern IPV4 =
      Pattern.compile(
          "(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");
  private static final int MAX_ID = 200;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_OCTET = 255;

  private TableRules() {}

  /**
   * Refuses what cannot be served as it is meant.
   *
   * @throws PaasException {@code router.invalid-table}
   */
  public static void check(RouteTable table) {
    Set<String> hosts = new HashSet<>();
    Map<String, String> instances = new HashMap<>();
    if (table.getGeneration() <= 0) {
      throw invalid("A table needs a generation above 0", "" + table.getGeneration());
    }
    for (Route route : table.getRoutesList()) {
      if (route.getApp().isEmpty() || route.getApp().length() > MAX_ID) {
        throw invalid("A route needs the name of its app", route.getApp());
      }
      for (Site site : sites(route)) {
        String host = site.getHost();
        if (site.getHttpsPort() < 0 || site.getHttpsPort() > MAX_PORT) {
          throw invalid("A port for HTTPS is not from 1 to 65535", "" + site.getHttpsPort());
        }
        if (!HostName.isRoutable(host)) {
          throw invalid("A host is not a lower-case name without port", host);
        }
        if (!hosts.add(host)) {
          throw invalid("A host is in two routes", host);
        }
      }
      route.getBackendsList().forEach(backend -> check(route.getApp(), backend, instances));
    }
  }

  /** Where a route answers. A control plane from before there were sites names hosts alone. */
  static List<Site> sites(Route route) {
    return route.getSitesCount() == 0
        ? route.getHostsList().stream()
            .map(host -> Site.newBuilder().setHost(host).build())
            .toList()
        : route.getSitesList();
  }

  private static void check(String app, Backend backend, Map<String, String> seen) {
    if (backend.getInstance().isEmpty() || backend.getInstance().length() > MAX_ID) {
      throw invalid("A backend needs the id of its instance", backend.getInstance());
    }
    if (backend.getPort() < 1 || backend.getPort() > MAX_PORT) {
      throw invalid("A backend's port is not from 1 to 65535", "" + backend.getPort());
    }
    address(backend.getAddress());
    // The same instance may stand in several routes of its app, but it is in one place.
    String place = app + " " + backend.getAddress() + ":" + backend.getPort();
    String before = seen.putIfAbsent(backend.getInstance(), place);
    if (before != null && !before.equals(place)) {
      throw invalid("An instance is in two places", backend.getInstance());
    }
  }

  /** Never a name: a look-up would block and could lead anywhere. */
  static InetAddress address(String literal) {
    var form = IPV4.matcher(literal);
    if (!form.matches()) {
      throw invalid("A backend's address is not an IPv4 address", literal);
    }
    byte[] octets = new byte[4];
    for (int i = 0; i < octets.length; i++) {
      int octet = Integer.parseInt(form.group(i + 1));
      if (octet > MAX_OCTET) {
        throw invalid("A backend's address is not an IPv4 address", literal);
      }
      octets[i] = (byte) octet;
    }
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("four octets are an address", impossible);
    }
  }

  private static PaasException invalid(String what, String value) {
    return Problem.of(
            Kind.INVALID,
            "router.invalid-table",
            what,
            value,
            "This is a defect of the control plane: the router keeps serving the table before.")
        .asException();
  }
}
