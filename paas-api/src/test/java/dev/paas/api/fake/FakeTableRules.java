package dev.paas.api.fake;

import dev.paas.contract.router.Backend;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a table must be for the router to take it, as {@code RouterContract} says. */
final class FakeTableRules {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
  private static final int MAX_PORT = 65_535;

  private FakeTableRules() {}

  /** Why the table is not taken; nothing when it is. */
  static Optional<String> defect(RouteTable table) {
    Set<String> hosts = new HashSet<>();
    Map<String, String> places = new HashMap<>();
    for (Route route : table.getRoutesList()) {
      if (route.getApp().isEmpty()) {
        return Optional.of("A route needs the name of its app");
      }
      for (String host : route.getHostsList()) {
        if (!HOST.matcher(host).matches()) {
          return Optional.of("A host is not a lower-case name without port: " + host);
        }
        if (!hosts.add(host)) {
          return Optional.of("A host is in two routes: " + host);
        }
      }
      for (Backend backend : route.getBackendsList()) {
        Optional<String> defect = defect(route, backend, places);
        if (defect.isPresent()) {
          return defect;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> defect(Route route, Backend backend, Map<String, String> places) {
    if (backend.getInstance().isEmpty()) {
      return Optional.of("A backend needs the id of its instance");
    }
    if (backend.getPort() < 1 || backend.getPort() > MAX_PORT) {
      return Optional.of("A backend's port is not from 1 to 65535: " + backend.getPort());
    }
    if (!IPV4.matcher(backend.getAddress()).matches()) {
      return Optional.of("A backend's address is not an IPv4 address: " + backend.getAddress());
    }
    String place = route.getApp() + " " + backend.getAddress() + ":" + backend.getPort();
    String before = places.putIfAbsent(backend.getInstance(), place);
    return before == null || before.equals(place)
        ? Optional.empty()
        : Optional.of("An instance is in two places: " + backend.getInstance());
  }
}
