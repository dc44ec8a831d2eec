package dev.paas.api.route;

import dev.paas.base.name.AppName;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One app's part of the table.
 *
 * @param sites by their hosts, lower case, without port
 * @param backends empty: the router answers that nothing runs
 */
record AppRoute(AppName app, SortedMap<String, SiteRules> sites, List<Backend> backends) {

  AppRoute {
    backends = backends.stream().sorted().toList();
  }

  /** Whether the other one is the same app's, at the same hosts. */
  boolean hasHostsOf(AppRoute other) {
    return app.equals(other.app) && sites.keySet().equals(other.sites.keySet());
  }

  /** Hosts with nothing that the router says there itself. */
  static AppRoute plain(AppName app, List<String> hosts, List<Backend> backends) {
    SortedMap<String, SiteRules> sites = new TreeMap<>();
    hosts.forEach(host -> sites.put(host, SiteRules.NONE));
    return new AppRoute(app, sites, backends);
  }
}
